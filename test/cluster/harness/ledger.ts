/** Where a request goes: through nginx, or straight to the replica of this number. */
export type Via = 'front' | number

/** What a client does. `describe` reads metadata, `extend` moves the expiry, `abort` leaves in the middle of a create. */
export type Kind =
  | 'create'
  | 'abort'
  | 'edit'
  | 'extend'
  | 'delete'
  | 'claim'
  | 'read'
  | 'range'
  | 'revalidate'
  | 'head'
  | 'describe'

/** One request and what became of it. Times are epoch milliseconds by this process's clock. */
export type Operation = {
  id: number
  kind: Kind
  via: Via
  /** The paste's number in the plan: rivals for one slug share it. */
  paste: number
  slug: string | null
  /** When the plan wanted it; latencies count from here. */
  scheduledAt: number
  startedAt: number
  endedAt: number
  /** `ok`: acknowledged; `fail`: refused without an effect; `info`: nobody told us what became of it. */
  outcome: 'ok' | 'fail' | 'info'
  status: number | null
  /** The `code` of a problem document. */
  code: string | null
  /** Why the answer did not come to its end, or came in a wrong shape. */
  broken: string | null
  retryAfter: boolean
  /** Whether the object store is needed to answer: some content of the paste is too large for its row. */
  needsStore: boolean
  /** Whether it belongs to the check after the run, when every part is well again. */
  final: boolean
  /** Of a write. */
  sent?: Sent
  /** Of an answer with something in it. */
  got?: Got
}

/** What a write asks for. */
export type Sent = {
  /** SHA-256 of the content. */
  content: string | null
  expiresInMs: number | null
  maxViews: number | null
  idempotencyKey: string | null
  /** SHA-256 of the content that it may replace; null when it may replace any. */
  ifMatch: string | null
}

/** What an answer says. */
export type Got = {
  /** SHA-256 of the content that it gives, or stands for; starts with `?` when nobody sent such bytes. */
  content: string | null
  /** Content bytes that arrived. */
  bytes: number
  expiresAt: number | null
  editToken: string | null
  cacheControl: string | null
}

/** A part of the system that can be hurt. */
export type Part = 'replicas' | 'database' | 'redis' | 's3'

/** One injected fault, or a hold-up of the whole machine; `endedAt` is when its cause was gone, Infinity before. */
export type FaultRecord = {
  name: string
  part: Part | 'machine'
  replicas: number[]
  startedAt: number
  endedAt: number
}

/** Everything that happened in one run. */
export type Ledger = {
  operations: Operation[]
  faults: FaultRecord[]
  /** Ends of replica processes that nobody asked for, orderly ends that took too long, errors in their logs. */
  mishaps: string[]
}

/** Time that parts may take to be well again after a fault. */
export const RECOVERY_MS = 5_000

/** Something that must not have happened, and the operations that show it. */
export type Violation = { check: string; message: string; operations: Operation[] }

/** Looks for violations of one promise; pure. */
export type Check = (ledger: Ledger) => Violation[]
