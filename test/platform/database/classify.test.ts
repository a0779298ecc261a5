import { expect, test } from 'vitest'
import { classifyDatabaseError, withRetries } from '../../../src/platform/database/index.ts'

const READ = { sent: true, writes: false }
const WRITE = { sent: true, writes: true }
const errorWith = (fields: object) => Object.assign(new Error('driver'), fields)

test.each([
  ['a duplicate key', 1062, 'duplicate'],
  ['a lock wait that timed out', 1205, 'retry'],
  ['a deadlock', 1213, 'retry'],
  ['NOWAIT on a lock', 3572, 'retry'],
  ['a changed record', 1020, 'retry'],
  ['a full table', 1114, 'full'],
  ['a full disk', 1021, 'full'],
  ['too many connections', 1040, 'unavailable'],
  ['a node without quorum', 1047, 'unavailable'],
  ['a shutdown', 1053, 'unavailable'],
  ['a read-only server', 1290, 'unavailable'],
  ['a shard that is down', 1429, 'unavailable'],
  ['a read-only mode', 1836, 'unavailable'],
  ['a table that is not there', 1146, 'no_table'],
  ['a syntax error', 1064, 'other'],
])('%s (MySQL %i) is %s', (_what, errno, expected) => {
  const error = errorWith({ code: 'ER_WHATEVER', errno, sqlState: 'HY000', fatal: true })
  expect(classifyDatabaseError(error, WRITE)).toBe(expected)
})

test.each([
  ['Vitess', { errno: 1105, message: 'table pastes not found' }, 'no_table'],
  ['SQLite', { errcode: 1, message: 'no such table: pastes' }, 'no_table'],
  ['Vitess, of something else,', { errno: 1105, message: 'unknown error' }, 'other'],
  ['SQLite, of something else,', { errcode: 1, message: 'no such column: pastes' }, 'other'],
])('the word of %s on a table is understood', (_who, fields, expected) => {
  expect(classifyDatabaseError(errorWith(fields), WRITE)).toBe(expected)
})

test.each([
  ['primary key', 1555, 'duplicate'],
  ['unique index', 2067, 'duplicate'],
  ['not null', 1299, 'other'],
  ['full', 13, 'full'],
  ['busy', 5, 'unavailable'],
  ['I/O error on write', 778, 'unavailable'],
  ['syntax', 1, 'other'],
])('%s (SQLite %i) is %s', (_what, errcode, expected) => {
  expect(classifyDatabaseError(errorWith({ code: 'ERR_SQLITE_ERROR', errcode }), WRITE)).toBe(expected)
})

test.each(['ECONNRESET', 'EPIPE', 'PROTOCOL_CONNECTION_LOST', 'QUERY_TIMEOUT'])(
  '%s leaves a write that was sent in doubt, and nothing else',
  (code) => {
    const error = errorWith({ code })
    expect(classifyDatabaseError(error, WRITE)).toBe('unknown_outcome')
    expect(classifyDatabaseError(error, READ)).toBe('unavailable')
    expect(classifyDatabaseError(error, { sent: false, writes: true })).toBe('unavailable')
  },
)

test.each([
  ['lost a shard', 1158, '08S01'],
  ['waited for a shard in vain', 1159, '08S01'],
  ['could not tell how a commit ended', 1180, 'HY000'],
  ['found a shard gone', 12701, 'HY000'],
])('a server that %s (MySQL %i) leaves a write in doubt', (_what, errno, sqlState) => {
  const error = errorWith({ code: 'ER_WHATEVER', errno, sqlState })
  expect(classifyDatabaseError(error, WRITE)).toBe('unknown_outcome')
  expect(classifyDatabaseError(error, READ)).toBe('unavailable')
})

test.each([undefined, null, 'text', 7, {}])('what is no error (%s) is other', (thrown) => {
  expect(classifyDatabaseError(thrown, WRITE)).toBe('other')
})

test('a retried call is made at most four times, then its last error is thrown', async () => {
  let calls = 0
  const failing = withRetries(
    async () => {
      throw new Error(`failure ${++calls}`)
    },
    { random: () => 0, isRetryable: () => true },
  )
  await expect(failing).rejects.toThrow('failure 4')
})

test('a call is not retried for an error that is final', async () => {
  let calls = 0
  const failing = withRetries(
    async () => {
      calls++
      throw new Error('final')
    },
    { random: () => 0, isRetryable: () => false },
  )
  await expect(failing).rejects.toThrow('final')
  expect(calls).toBe(1)
})
