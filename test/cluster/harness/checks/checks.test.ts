import { describe, expect, test } from 'vitest'
import type { Check, Operation } from '../ledger.ts'
import { readingsAreCounted } from './claims.ts'
import { contentIsWhole } from './content.ts'
import { cachesForget, deletedIsGone, expiredIsGone } from './ended.ts'
import { violationsOf } from './index.ts'
import { nothingIsLost } from './lost.ts'
import { madeOnce } from './once.ts'
import { contentHasOneHistory } from './register.ts'
import { messages, operation, refused, type Sketch } from './sketch.ts'
import { slugsAreFreed } from './taken.ts'

const made = (at = 0, more: Sketch = {}) =>
  operation('create', at, {
    status: 201,
    sent: { content: 'one' },
    got: { content: 'one', editToken: 'token' },
    ...more,
  })
const edited = (at: number, more: Sketch = {}) => operation('edit', at, { sent: { content: 'two' }, got: {}, ...more })
const swapped = (at: number, ifMatch: string, content: string, more: Sketch = {}) =>
  operation('edit', at, { sent: { content, ifMatch }, got: {}, ...more })
const read = (at: number, content: string, more: Sketch = {}) =>
  operation('read', at, { got: { content, bytes: 10, cacheControl: 'public, no-cache' }, ...more })
const gone = (at: number, code: string, more: Sketch = {}) =>
  operation('read', at, { outcome: 'fail', status: code === 'not_found' ? 404 : 410, code, ...more })
const deleted = (at: number, more: Sketch = {}) => operation('delete', at, { sent: {}, status: 204, ...more })
const claim = (at: number, more: Sketch = {}) => operation('claim', at, { got: { content: 'one', bytes: 10 }, ...more })
const short = { sent: { content: 'one', expiresInMs: 2_000 }, got: { content: 'one', expiresAt: 2_000 } }
const once = { sent: { content: 'one', maxViews: 1 } }
const keyed = (slug: string, editToken: string): Sketch => {
  return { slug, sent: { content: 'one', idempotencyKey: 'key' }, got: { editToken } }
}

describe.each<[name: string, check: Check, good: Operation[][], bad: Operation[][]]>([
  [
    'nothing is lost',
    nothingIsLost,
    [
      [made(), read(1, 'one'), read(9, 'one', { final: true })],
      [gone(0, 'not_found'), made(1)],
      [made(), deleted(1), gone(2, 'deleted'), gone(9, 'deleted', { final: true })],
      [made(), deleted(1, { outcome: 'info' }), gone(2, 'deleted')],
      [made(0, short), gone(3, 'expired')],
      [made(0, once), claim(1), gone(2, 'burned')],
      [made(), operation('read', 1, refused(503, 'database_unavailable'))],
    ],
    [
      [made(), gone(1, 'not_found')],
      [made(), gone(1, 'deleted')],
      [made(), deleted(1, refused(412, 'precondition_failed')), gone(2, 'deleted')],
      [made(0, short), gone(1, 'expired')],
      [made(0, once), gone(1, 'burned')],
      [made(), operation('read', 9, { ...refused(503, 'storage_unavailable'), final: true })],
      [made(), operation('read', 9, { ...refused(0, null), status: null, final: true })],
    ],
  ],
  [
    'content is whole',
    contentIsWhole,
    [[made(), read(1, 'one')]],
    [
      [made(), read(1, '?100 bytes')],
      [made(), read(1, 'one', { broken: 'no Content-Length' })],
    ],
  ],
  [
    'content has one history',
    contentHasOneHistory,
    [
      [made(), edited(1), read(2, 'one'), read(2, 'two'), read(9, 'two')],
      [made(), edited(1, { outcome: 'info' }), read(9, 'one'), read(9, 'two')],
      [made(0, { outcome: 'info' }), made(9), read(5, 'one')],
      // A repeat of the create under its key is no write.
      [made(), edited(1), made(2), read(9, 'two')],
      [made(), swapped(1, 'one', 'two'), swapped(1, 'two', 'three'), read(9, 'three')],
      [made(), swapped(1, 'one', 'two', { outcome: 'info' }), swapped(2, 'two', 'three'), read(9, 'three')],
      [made(), swapped(1, 'one', 'two', { outcome: 'info' }), swapped(1, 'one', 'three'), read(9, 'three')],
    ],
    [
      [made(), swapped(1, 'one', 'two'), swapped(1, 'one', 'three')],
      [made(), edited(1), deleted(2), edited(3, { sent: { content: 'three' } })],
      [made(), edited(1), read(1.5, 'two', { via: 1 }), swapped(2, 'one', 'three')],
      [made(), edited(1), read(7, 'one')],
      [made(), edited(1, refused(412, 'precondition_failed')), read(2, 'two')],
      // The loser of a race for the slug.
      [made(), made(0, { outcome: 'info', sent: { content: 'rival' } }), read(1, 'rival')],
    ],
  ],
  [
    'what has expired is gone',
    expiredIsGone,
    [
      [made(0, short), read(2.9, 'one')],
      [
        made(0, short),
        operation('extend', 1, { sent: { expiresInMs: 9_000 }, got: { expiresAt: 10_000 } }),
        read(9, 'one'),
      ],
      [made(), operation('extend', 1, { sent: { expiresInMs: 1_000 }, got: { expiresAt: 2_000 } }), read(5, 'one')],
    ],
    [
      [made(0, short), read(3.1, 'one')],
      [made(0, short), operation('head', 3.1, { got: { content: 'one' } })],
      [made(), operation('extend', 1, { sent: { expiresInMs: 1_000 }, got: { expiresAt: 2_000 } }), read(7, 'one')],
    ],
  ],
  [
    'what was deleted is gone',
    deletedIsGone,
    [[made(), deleted(1), read(6, 'one', { via: 1 }), read(1, 'one')]],
    [
      [made(), deleted(1), read(6.2, 'one', { via: 1 })],
      [made(), deleted(1), read(1.2, 'one')],
    ],
  ],
  [
    'caches forget',
    cachesForget,
    [
      [made(), read(1, 'one')],
      [made(0, short), read(1, 'one', { got: { content: 'one', cacheControl: 'public, max-age=1' } })],
    ],
    [
      [made(0, short), read(1, 'one', { got: { content: 'one', cacheControl: 'public, max-age=30' } })],
      [made(), read(1, 'one', { got: { content: 'one', cacheControl: 'public, max-age=3600' } })],
      [made(), read(1, 'one', { got: { content: 'one', cacheControl: null } })],
    ],
  ],
  [
    'readings are counted',
    readingsAreCounted,
    [
      [made(0, once), claim(1), claim(1, refused(410, 'burned'))],
      [made(0, { sent: { maxViews: 2 } }), claim(1), claim(1)],
      [made(0, once), operation('read', 1, refused(405, 'burn_requires_post'))],
      [made(0, once), claim(1, refused(503, 'commit_unknown')), claim(2, refused(410, 'burned'))],
    ],
    [
      [made(0, once), claim(1), claim(1, { via: 1 })],
      [made(0, once), claim(1), claim(1, { broken: 'half of it' })],
      [made(0, once), read(1, 'one')],
      [made(0, once), claim(1, refused(410, 'burned'))],
    ],
  ],
  [
    'each is made once',
    madeOnce,
    [
      [made(0, keyed('s', 'token')), made(1, keyed('s', 'token'))],
      [made(), made(0, refused(409, 'slug_taken'))],
    ],
    [
      [made(), made(0, { got: { editToken: 'other' } })],
      [made(0, keyed('s', 'token')), made(1, keyed('t', 'other'))],
    ],
  ],
  [
    'slugs are freed',
    slugsAreFreed,
    [
      [made(), made(1, refused(409, 'slug_taken'))],
      [made(0, { outcome: 'info' }), made(9, refused(409, 'slug_taken'))],
      [operation('abort', 0, { outcome: 'fail' }), made(1, refused(409, 'slug_taken'))],
      [operation('abort', 0, { outcome: 'fail' }), made(6)],
    ],
    [
      [made(0, refused(409, 'slug_taken')), made(9)],
      [operation('abort', 0, { outcome: 'fail' }), made(6, refused(409, 'slug_taken'))],
    ],
  ],
])('%s', (_name, check, good, bad) => {
  test('a ledger that shows nothing else passes', () => {
    expect(good.map((operations) => messages(check, operations))).toEqual(good.map(() => []))
  })

  test('a ledger that shows otherwise does not', () => {
    for (const operations of bad) expect(messages(check, operations)).not.toEqual([])
  })
})

test('a process that ended by itself is a violation', () => {
  expect(violationsOf({ operations: [], faults: [], mishaps: ['a replica ended'] })).toHaveLength(1)
})
