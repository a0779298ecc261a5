import { randomBytes } from 'node:crypto'
import { until } from '../../blackbox/client.ts'
import type { Collector, ReceivedSpan } from './collector.ts'

/** The standard's own setting for how long spans wait for others, ms. */
export const AT_ONCE = { OTEL_BSP_SCHEDULE_DELAY: '50' }

/** A caller's place in a trace of its own. */
export type Caller = { traceId: string; parentId: string }

/** A caller that nobody was before. */
export const newTrace = (): Caller => ({
  traceId: randomBytes(16).toString('hex'),
  parentId: randomBytes(8).toString('hex'),
})

/** The header that tells of a caller (W3C Trace Context); flags 00: not to be recorded. */
export const traceparent = ({ traceId, parentId }: Caller, flags = '01') => ({
  traceparent: `00-${traceId}-${parentId}-${flags}`,
})

/** The spans of a trace once the server's own is there, that one first. */
export async function spansOf(collector: Collector, traceId: string): Promise<[ReceivedSpan, ...ReceivedSpan[]]> {
  const ofTrace = async () => collector.spans.filter((span) => span.traceId === traceId)
  const found = await until(ofTrace, (spans) => spans.some(({ kind }) => kind === 2))
  return found.toSorted((one, other) => one.kind - other.kind) as [ReceivedSpan, ...ReceivedSpan[]]
}
