import { type Check, type FaultRecord, type Operation, RECOVERY_MS, type Violation } from '../ledger.ts'

const REFUSALS: Partial<Record<Operation['kind'], readonly string[]>> = {
  create: [
    'slug_taken',
    'slug_quarantined',
    'idempotency_in_progress',
    'expired',
    'deleted',
    'burned',
    'claim_in_progress',
  ],
  edit: ['precondition_failed', 'edit_in_progress', 'expired', 'deleted'],
  extend: ['precondition_failed', 'expired', 'deleted'],
  delete: ['precondition_failed', 'expired', 'deleted'],
  claim: ['not_found', 'expired', 'deleted', 'burned', 'claim_in_progress'],
}
const READ_REFUSALS: readonly string[] = [
  ...['not_found', 'expired', 'deleted', 'burned', 'burn_requires_post', 'claim_in_progress'],
  // The content may have become shorter since the client learned its size.
  'range_not_satisfiable',
]

/** Unhealthy or not, an answer takes no longer: the time limits of one request, and the load of a small machine. */
const ANSWERED_WITHIN_MS = 20_000

/**
 * Never a 500, never a paste without its object; another 5xx or a broken connection only while a fault explains it or
 * shortly after, each 5xx with `Retry-After`; no 4xx that the request does not deserve; every answer in bounded time.
 */
export const statusesAreRight: Check = ({ operations, faults }) => {
  const violations: Violation[] = []
  for (const operation of operations) {
    const message = complaint(operation, faults)
    if (message) violations.push({ check: 'statuses', message, operations: [operation] })
  }
  return violations
}

function complaint(operation: Operation, faults: readonly FaultRecord[]): string | undefined {
  const { kind, status, code, broken, startedAt, endedAt } = operation
  // An abort has no answer, and one under way has none yet.
  if (kind === 'abort' || endedAt === Number.POSITIVE_INFINITY) return undefined
  if (status === 500 || status === 501 || code === 'blob_missing') return `${status} ${code}`
  const explained = faults.some((fault) => explains(fault, operation))
  const isFailure = status === null || status >= 500 || broken !== null
  if (isFailure && !explained) return `${status} ${code} ${broken ?? ''} without a fault that explains it`
  if (status !== null && status >= 500 && !operation.retryAfter) return `${status} ${code} without Retry-After`
  if (!isFailure && status >= 400 && !deserved(operation)) return `${status} ${code} for a ${kind}`
  const tookMs = Math.round(endedAt - startedAt - heldUpMs(faults, operation))
  return tookMs > ANSWERED_WITHIN_MS ? `${status} ${code} took ${tookMs} ms` : undefined
}

function deserved({ kind, status, code }: Operation): boolean {
  // An answer to HEAD has no body to say why.
  if (kind === 'head') return status === 404 || status === 405 || status === 409 || status === 410
  return (REFUSALS[kind] ?? READ_REFUSALS).includes(code ?? '')
}

/** Whether a fault may be the cause of a 5xx or a broken connection. Redis never is, nor what nginx can route around. */
function explains(fault: FaultRecord, operation: Operation): boolean {
  const { via, kind, startedAt, endedAt, status, needsStore } = operation
  if (fault.part === 'machine') return endedAt >= fault.startedAt && startedAt <= fault.endedAt
  if (endedAt < fault.startedAt || startedAt > fault.endedAt + RECOVERY_MS) return false
  const isNear = via === 'front' || fault.replicas.includes(via)
  if (!isNear || fault.part === 'redis') return false
  if (fault.part === 's3') return needsStore
  if (fault.part === 'database' || via !== 'front') return true
  if (fault.name === 'restart the replicas in turn') return false
  const repeatable = !['create', 'edit', 'extend', 'delete', 'claim'].includes(kind)
  // A body that has begun can't be had from another replica, and a frozen one is found out by its silence.
  return !repeatable || status === 200 || status === 206 || isFreeze(fault)
}

/** For how long an operation may have waited for a replica that was frozen, or for the machine. */
function heldUpMs(faults: readonly FaultRecord[], { via, startedAt, endedAt }: Operation): number {
  return faults
    .filter(
      ({ name, part, replicas }) =>
        part === 'machine' || (isFreeze({ name }) && (via === 'front' || replicas.includes(via))),
    )
    .map((fault) => {
      const waited = fault.endedAt - Math.max(startedAt, fault.startedAt)
      // A full queue of a frozen process drops the SYN, and the kernel waits twice as long before each repetition.
      const until = fault.endedAt + (isFreeze(fault) ? waited : 0)
      return Math.min(endedAt, until) - Math.max(startedAt, fault.startedAt)
    })
    .reduce((sum, ms) => sum + Math.max(0, ms), 0)
}

function isFreeze({ name }: Pick<FaultRecord, 'name'>): boolean {
  return name.startsWith('freeze a replica')
}
