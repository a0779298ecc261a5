import { Worker } from 'node:worker_threads'
import { inBackground, type Logger } from '../../core/index.ts'
import type { Begun, Done, RenderRequest } from './highlight-worker.ts'

/** A worker thread that renders one text after the other. */
export type RenderThread = {
  /** Starts the thread when there is none, and sends a request; the last one must be done. */
  post(request: Omit<RenderRequest, 'id'>): void
  /** Ends the thread, whatever it is at; the next request gets a new one. */
  replace(): void
  close(): Promise<void>
}

/** `begun` and `done` are called for the last request only; `done(null)` also when the thread fails. */
export function createRenderThread(
  logger: Logger,
  { begun, done }: { begun(message: Begun): void; done(coloured: string | null): void },
): RenderThread {
  let worker: Worker | undefined
  let lastId = 0

  function start(): Worker {
    const started = new Worker(new URL('./highlight-worker.ts', import.meta.url), {
      // Without WATCH_REPORT_DEPENDENCIES: `node --watch` would have the worker report its imports as replies.
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: 96 },
    })
    started.unref()
    started.on('message', (message: Begun | Done) => {
      if (worker !== started || message.id !== lastId) return
      if (message.begun) begun(message)
      else done(message.coloured)
    })
    started.on('error', (error) => {
      logger.warn({ err: error }, 'the rendering thread failed')
      if (worker !== started) return
      worker = undefined
      done(null)
    })
    return started
  }

  function replace() {
    const ended = worker
    worker = undefined
    inBackground(() => ended?.terminate())
  }

  return {
    post(request) {
      worker ??= start()
      worker.postMessage({ ...request, id: ++lastId } satisfies RenderRequest)
    },
    replace,
    async close() {
      const ended = worker
      worker = undefined
      await ended?.terminate()
    },
  }
}
