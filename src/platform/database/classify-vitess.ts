/** What an error of Vitess means: `refused` was not begun, `in_doubt` may have been done by a tablet. */
export type VitessErrorClass = 'refused' | 'in_doubt'

/** Vitess's own parts answer with one of a few numbers; what they found is in the words. */
const VITESS_ERRORS: ReadonlySet<unknown> = new Set([
  1105, // ER_UNKNOWN_ERROR
  1317, // ER_QUERY_INTERRUPTED
  1815, // ER_INTERNAL_ERROR
])

/** No tablet began: none is known, it changes its part, or vtgate has yet to hear of a new table. */
const REFUSED = new RegExp(
  [
    'no healthy tablet available',
    'primary is serving but initially found no available tablet',
    'primary is not serving, there may be a reparent operation in progress',
    'current keyspace is being resharded',
    'destination shard is missing after a resharding operation',
    'operation not allowed in state',
    "tx engine can't accept new connections in state",
    'wrong tablet type',
    'buffer is full',
    'buffer full',
    'canceled before failover finished',
    'VT14002',
    'VT14003',
    'VT09004',
    'VT09015',
  ].join('|'),
)

/** The way to a tablet broke or took too long, or vtgate lost count: seen with writes that were done all the same. */
const IN_DOUBT = /rpc error: code = (Unavailable|DeadlineExceeded|Canceled|Aborted)|VT13001/

/** Sorts an answer of vtgate by its number and words; pure. Undefined: it is no answer of Vitess's own. */
export function classifyVitessError(errno: unknown, message: string): VitessErrorClass | undefined {
  if (!VITESS_ERRORS.has(errno)) return undefined
  if (REFUSED.test(message)) return 'refused'
  return IN_DOUBT.test(message) ? 'in_doubt' : undefined
}
