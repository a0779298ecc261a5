import { Worker } from 'node:worker_threads'
import { OutcomeUnknown } from '../../../core/index.ts'
import type { SqliteFile } from './open.ts'

/** A statement that changes something. */
export type Write = { sql: string; parameters: readonly unknown[] }

/** What became of one write. */
export type WriteOutcome = { numAffectedRows: bigint; insertId: bigint } | { failure: Failure }

/** The fields of a `node:sqlite` error that cross the thread. */
export type Failure = { message: string; code?: string | undefined; errcode?: number | undefined }

/** What the thread is asked; it answers each, in order. */
export type WriterRequest = { writes: Write[] } | 'check' | 'checkpoint' | 'close'

/** What it answers: `failure` where nothing of the request was done. */
export type WriterReply = { outcomes?: WriteOutcome[]; failure?: Failure }

/** The one who writes to the embedded database, on a thread of its own. Errors are those of `node:sqlite`. */
export type SqliteWriter = {
  /** Commits the writes together: the outcome of each, once all is on the disk. Rejects when nothing was done. */
  commit(writes: readonly Write[]): Promise<WriteOutcome[]>
  /** Resolves if the database takes writes now. */
  check(): Promise<void>
  /** Moves the log into the database file and empties it. */
  checkpoint(): Promise<void>
  /** Ends the thread after what it was asked before. */
  close(): Promise<void>
}

type Pending = { resolve(reply: WriterReply): void; reject(error: unknown): void }

/** SQLITE_FULL, and SQLITE_IOERR_SHMSIZE: no room for the index of the log. */
const isFull = (error: unknown) => {
  const { errcode = 0 } = error as Partial<Failure>
  return (errcode & 0xff) === 13 || errcode === 4874
}

/**
 * A writer to `file`, whose thread starts when it is first needed, and again if it should die. Where the disk is full,
 * `giveUpReserve` makes room for one more try.
 */
export function createSqliteWriter(file: SqliteFile, giveUpReserve?: () => boolean): SqliteWriter {
  const pending: Pending[] = []
  let thread: Worker | undefined
  let isClosed = false

  function start(): Worker {
    // Without WATCH_REPORT_DEPENDENCIES: `node --watch` would have the thread report its imports as replies.
    const started = new Worker(new URL('./writer-thread.ts', import.meta.url), { workerData: file, env: {} })
    const fail = (error: unknown) => {
      if (thread !== started) return
      thread = undefined
      // What it was doing when it died may have been done.
      for (const { reject } of pending.splice(0)) reject(new OutcomeUnknown(error))
    }
    started.on('message', (reply: WriterReply) => {
      const asked = pending.shift()
      // It keeps the process alive only while somebody waits for it.
      if (pending.length === 0) started.unref()
      if (reply.failure) asked?.reject(errorOf(reply.failure))
      else asked?.resolve(reply)
    })
    started.on('error', fail)
    started.on('exit', (status) => fail(new Error(`the thread ended with ${status}`)))
    return started
  }

  async function ask(request: WriterRequest): Promise<WriterReply> {
    if (isClosed) throw new Error('the database was closed')
    thread ??= start()
    thread.ref()
    thread.postMessage(request)
    return new Promise((resolve, reject) => pending.push({ resolve, reject }))
  }

  return {
    async commit(writes) {
      const request = { writes: writes.map(({ sql, parameters }) => ({ sql, parameters: parameters.map(compact) })) }
      const { outcomes = [] } = await ask(request).catch(async (error: unknown) => {
        if (!isFull(error)) throw error
        giveUpReserve?.()
        // The log, once it lies in the file, takes no room of its own.
        await ask('checkpoint').catch(() => {})
        return ask(request)
      })
      return outcomes
    },
    check: async () => void (await ask('check')),
    checkpoint: async () => void (await ask('checkpoint')),
    async close() {
      const closing = thread && ask('close')
      isClosed = true
      await closing
      thread = undefined
    },
  }
}

/** The error that a failure was. */
export function errorOf({ message, ...codes }: Failure): Error {
  return Object.assign(new Error(message), codes)
}

/** Bytes are sent with all of the memory that they are a slice of: a few of them get memory of their own. */
function compact(value: unknown): unknown {
  return value instanceof Uint8Array && value.byteLength < value.buffer.byteLength ? new Uint8Array(value) : value
}
