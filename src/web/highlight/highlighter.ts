import { AppError, createFairQueue, type Logger, later } from '../../core/index.ts'
import { renderPlain, type Shape } from '../code/index.ts'
import { guessLanguage } from './guess-language.ts'
import type { Begun } from './highlight-worker.ts'
import { createRenderThread } from './render-thread.ts'

/** A text to show: at most 1 MiB. `language` is a highlight.js name, or undefined: guess. `client` shares the thread. */
export type RenderJob = { text: string; language: string | undefined; shape: Shape; client: string }

/** Its numbered lines as HTML. `givenUp`: colours were wanted and would have taken too long, or too much. */
export type Rendered = { html: string; language: string | null; givenUp: boolean }

/** Numbered lines and their colours, made off the main thread. */
export type Highlighter = {
  /** Throws `overloaded` when too many larger texts wait. */
  render(job: RenderJob): Promise<Rendered>
  /** Ends the thread. */
  close(): Promise<void>
}

type Waiting = RenderJob & {
  begun: Begun | undefined
  settle(rendered: Rendered | undefined): void
  timer: NodeJS.Timeout
}

const DEADLINE_MS = 1_500
// More waiting jobs than this could not be served within the deadline anyway.
const MOST_WAITING = 16
/** Up to here splitting takes less than a turn of the event loop may. */
const SMALL_CHARACTERS = 64 * 1024

/**
 * One lazily started thread, whose turns are shared by client. A text that takes too long (a pathological grammar)
 * costs that thread only, and is shown plain.
 */
export function createHighlighter(logger: Logger, deadlineMs: number = DEADLINE_MS): Highlighter {
  const waiting = createFairQueue<Waiting>(MOST_WAITING)
  const thread = createRenderThread(logger, { begun, done })
  let running: Waiting | undefined
  let closed = false

  function begun(message: Begun) {
    if (running) running.begun = message
  }

  /** Called with null when the thread failed, and when there are no colours. */
  function done(coloured: string | null) {
    const job = running
    running = undefined
    if (job) job.settle(coloured === null ? undefined : { html: coloured, language: languageOf(job), givenUp: false })
    next()
  }

  function next() {
    if (running || closed) return
    running = waiting.shift()
    if (!running) return
    const { text, language, shape } = running
    thread.post({ text, language, shape, wantsPlain: text.length > SMALL_CHARACTERS })
  }

  function expire(job: Waiting) {
    if (job === running) {
      thread.replace()
      done(null)
    } else if (waiting.remove(job)) job.settle(undefined)
  }

  return {
    render: (job) =>
      new Promise((resolve, reject) => {
        const waits: Waiting = {
          ...job,
          begun: undefined,
          timer: later(() => expire(waits), deadlineMs),
          settle(rendered) {
            clearTimeout(waits.timer)
            const result = rendered ?? withoutColours(waits)
            if (result) resolve(result)
            else reject(new AppError('overloaded', { headers: { 'retry-after': '1' } }))
          },
        }
        if (closed) return waits.settle(undefined)
        waiting.push(job.client, waits)?.settle(undefined)
        next()
      }),
    async close() {
      closed = true
      for (let job = waiting.shift(); job; job = waiting.shift()) job.settle(undefined)
      await thread.close()
      done(null)
    },
  }
}

function languageOf({ begun, language, text }: Waiting): string | null {
  // The label does not depend on how busy the thread is.
  return begun ? begun.language : (language ?? guessLanguage(text))
}

/** The rows as they came from the thread; small ones are made here. Undefined for others. */
function withoutColours(job: Waiting): Rendered | undefined {
  const language = languageOf(job)
  const givenUp = language !== null && language !== 'plaintext'
  const { text, shape, begun } = job
  const html = begun?.plain ?? (text.length <= SMALL_CHARACTERS ? renderPlain(text, shape, language) : undefined)
  return html === undefined ? undefined : { html, language, givenUp }
}
