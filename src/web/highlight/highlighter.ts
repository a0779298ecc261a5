import { Worker } from 'node:worker_threads'
import type { Logger } from '../../core/index.ts'
import type { HighlightReply, HighlightRequest } from './highlight-worker.ts'

/** Highlighting off the main thread. */
export type Highlighter = {
  /**
   * HTML of `text` (at most 256 KiB) as highlight.js makes it, and the language used. `html` is null when the
   * language is unknown or not to be guessed, or when it took longer than the deadline: show the text plain then.
   */
  highlight(text: string, language: string | undefined): Promise<{ html: string | null; language: string | null }>
  /** Ends the thread. */
  close(): Promise<void>
}

type Answer = { html: string | null; language: string | null }
type Job = { text: string; language: string | undefined; done(answer: Answer): void; timer: NodeJS.Timeout }

const DEADLINE_MS = 1_500
// More waiting jobs than this could not be served within the deadline anyway.
const MOST_WAITING = 16

/** One lazily started worker thread. A text that takes too long (a pathological grammar) costs that thread only. */
export function createHighlighter(logger: Logger, deadlineMs: number = DEADLINE_MS): Highlighter {
  const waiting = new Map<number, Job>()
  let worker: Worker | undefined
  let running: number | undefined
  let lastId = 0
  let closed = false

  function finish(id: number, answer: Answer) {
    const job = waiting.get(id)
    if (!job) return
    waiting.delete(id)
    clearTimeout(job.timer)
    if (running === id) running = undefined
    job.done(answer)
    next()
  }

  function next() {
    const first = waiting.entries().next().value
    if (closed || running !== undefined || first === undefined) return
    const [id, { text, language }] = first
    running = id
    worker ??= start()
    worker.postMessage({ id, text, language } satisfies HighlightRequest)
  }

  function start(): Worker {
    const started = new Worker(new URL('./highlight-worker.ts', import.meta.url), {
      // Without WATCH_REPORT_DEPENDENCIES: `node --watch` would have the worker report its imports as replies.
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: 96 },
    })
    started.unref()
    started.on('message', ({ id, html, language }: HighlightReply) => finish(id, { html, language }))
    started.on('error', (error) => {
      logger.warn({ err: error }, 'the highlighting thread failed')
      replace(started)
    })
    return started
  }

  function replace(ended: Worker) {
    if (worker !== ended) return
    worker = undefined
    void ended.terminate()
    if (running !== undefined) finish(running, { html: null, language: null })
  }

  return {
    highlight(text, language) {
      if (closed || waiting.size >= MOST_WAITING) return Promise.resolve({ html: null, language: language ?? null })
      return new Promise((done) => {
        const id = ++lastId
        const timer = setTimeout(() => {
          if (running === id && worker) replace(worker)
          else finish(id, { html: null, language: language ?? null })
        }, deadlineMs)
        waiting.set(id, { text, language, done, timer })
        next()
      })
    },
    async close() {
      closed = true
      const ended = worker
      worker = undefined
      for (const id of [...waiting.keys()]) finish(id, { html: null, language: null })
      await ended?.terminate()
    },
  }
}
