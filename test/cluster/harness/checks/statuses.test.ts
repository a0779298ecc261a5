import { describe, expect, test } from 'vitest'
import type { FaultRecord, Operation } from '../ledger.ts'
import { messages, operation, refused, type Sketch } from './sketch.ts'
import { statusesAreRight } from './statuses.ts'

const read = (at: number, more: Sketch = {}) => operation('read', at, more)
const outage = (part: FaultRecord['part'], name = 'outage'): FaultRecord => {
  return { name, part, replicas: [0, 1, 2], startedAt: 1_000, endedAt: 3_000 }
}

describe('statuses are right', () => {
  const unavailable = (more: Sketch = {}) =>
    operation('create', 2, { ...refused(503, 'database_unavailable'), retryAfter: true, ...more })

  test.each<[what: string, operation: Operation, faults: FaultRecord[]]>([
    ['503 while the database is away', unavailable(), [outage('database')]],
    ['503 shortly after', unavailable({ startedAt: 7_900, endedAt: 8_000 }), [outage('database')]],
    ['503 of the store for what lies in it', unavailable({ needsStore: true }), [outage('s3')]],
    ['503 on a machine without time for us', unavailable(), [outage('machine')]],
    ['a refusal that is deserved', operation('create', 1, refused(409, 'slug_taken')), []],
    ['a break of the replica that died', read(2, { status: null, broken: 'ECONNRESET' }), [outage('replicas')]],
    ['a client that left', operation('abort', 1, { status: null, broken: 'left' }), []],
  ])('%s passes', (_what, one, faults) => {
    expect(messages(statusesAreRight, [one], faults)).toEqual([])
  })

  test.each<[what: string, operation: Operation, faults: FaultRecord[]]>([
    ['500', operation('read', 2, refused(500, 'internal_error', { retryAfter: true })), [outage('database')]],
    ['502 without an object', operation('read', 2, refused(502, 'blob_missing')), [outage('s3')]],
    ['503 on a sunny day', unavailable(), []],
    ['503 long after', unavailable({ startedAt: 8_100, endedAt: 8_200 }), [outage('database')]],
    ['503 because of Redis', unavailable(), [outage('redis')]],
    ['503 of the store for what lies in its row', unavailable(), [outage('s3')]],
    ['503 without Retry-After', unavailable({ retryAfter: false }), [outage('database')]],
    ['502 for a reader whom nginx could send elsewhere', read(2, { via: 'front', status: 502 }), [outage('replicas')]],
    [
      'anything but success through nginx while replicas are restarted in turn',
      unavailable({ via: 'front', status: 502 }),
      [outage('replicas', 'restart the replicas in turn')],
    ],
    ['a refusal that nobody deserved', operation('read', 1, refused(403, 'token_invalid')), []],
    ['an answer after 21 s', read(1, { endedAt: 22_000 }), []],
  ])('%s does not', (_what, one, faults) => {
    expect(messages(statusesAreRight, [one], faults)).toHaveLength(1)
  })
})
