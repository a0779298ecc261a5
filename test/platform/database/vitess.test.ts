import { readFileSync } from 'node:fs'
import type { PoolConnection } from 'mysql2'
import { describe, expect, test } from 'vitest'
import { classifyDatabaseError } from '../../../src/platform/database/index.ts'
import { tablesOfMigrations } from '../../../src/platform/database/schema/migration-tables.ts'
import { keyspaceOf, leadsToVitess } from '../../../src/platform/database/vitess/vitess.ts'

const READ = { sent: true, writes: false }
const WRITE = { sent: true, writes: true }
const answer = (errno: number, message: string) =>
  Object.assign(new Error(message), { code: 'ER_WHATEVER', errno, sqlState: 'HY000' })

// Each as vtgate 24.0.4 wrote it, the addresses aside.
describe('an answer of Vitess', () => {
  test.each([
    [
      1105,
      `target: paste.80-.primary: no healthy tablet available for 'keyspace:"paste" shard:"80-" tablet_type:PRIMARY'`,
    ],
    [1105, 'target: paste.-80.primary: primary is not serving, there may be a reparent operation in progress'],
    [
      1105,
      'target: paste.80-.primary: vttablet: rpc error: code = Code(17) desc = operation not allowed in state SHUTTING_DOWN',
    ],
    [1105, 'target: paste.80-.primary: current keyspace is being resharded'],
    [
      1105,
      'target: paste.80-.primary: failed to automatically buffer and retry failed request during failover. original err (type=*errors.errorString): primary buffer is full',
    ],
    [1105, 'VT09015: schema tracking required'],
    [1105, 'VT14003: no connection for tablet here-0000000200'],
    [3168, "Server isn't available"],
  ])('%i "%s" is a refusal: nothing was done', (errno, message) => {
    expect(classifyDatabaseError(answer(errno, message), WRITE)).toBe('unavailable')
    expect(classifyDatabaseError(answer(errno, message), READ)).toBe('unavailable')
  })

  test.each([
    [
      1105,
      'target: paste.80-.primary: vttablet: rpc error: code = Unavailable desc = error reading from server: read tcp 127.0.0.1:1->127.0.0.1:2: read: connection reset by peer',
    ],
    [1317, 'target: paste.80-.primary: vttablet: rpc error: code = DeadlineExceeded desc = context deadline exceeded'],
    [1815, "VT13001: [BUG] unexpected 'autocommitted' state in transaction"],
    [
      2013,
      'target: paste.-80.primary: vttablet: rpc error: code = Canceled desc = (errno 2013) (sqlstate HY000) (CallerID: userData1): Sql: "update pastes set version = version + :vtg1 /* INT64 */ where slug = :slug /* VARCHAR */", BindVars: {[REDACTED]}',
    ],
  ])('%i "%s" leaves a write in doubt', (errno, message) => {
    expect(classifyDatabaseError(answer(errno, message), WRITE)).toBe('unknown_outcome')
    expect(classifyDatabaseError(answer(errno, message), READ)).toBe('unavailable')
  })

  test('a table that vtgate does not know is a schema that is missing', () => {
    expect(classifyDatabaseError(answer(1105, 'table nope not found'), WRITE)).toBe('no_table')
  })

  test.each([
    [1105, "syntax error at position 60 near 'now'"],
    [1235, 'VT12001: unsupported: in scatter query: aggregation function'],
  ])('%i "%s" is a mistake of ours', (errno, message) => {
    expect(classifyDatabaseError(answer(errno, message), WRITE)).toBe('other')
  })
})

test.each([
  ['8.4.6-Vitess', true],
  ['9.7.4-2', false],
  ['5.5.5-10.11.19-MariaDB-0+deb12u1', false],
])('a server that greets as %s: Vitess is %s', (serverVersion, expected) => {
  const connection = { _handshakePacket: { serverVersion } } as unknown as PoolConnection
  expect(leadsToVitess(connection)).toBe(expected)
})

test('a shard is served by a primary that serves, of its own keyspace', () => {
  const tablet = { Keyspace: 'paste', Shard: '-80', TabletType: 'PRIMARY', State: 'SERVING' }
  const tablets = [
    tablet,
    { ...tablet, Shard: '80-', State: 'NOT_SERVING' },
    { ...tablet, Shard: '80-', TabletType: 'REPLICA' },
    { ...tablet, Shard: '80-', Keyspace: 'other' },
  ]
  const shards = ['other/80-', 'paste/-80', 'paste/80-'].map((Shards) => ({ Shards }))
  expect(keyspaceOf('paste@primary', shards, tablets)).toEqual({ name: 'paste', shards: { '-80': true, '80-': false } })
})

test('the VSchema that is shipped has each table of the migrations', async () => {
  const { tables } = JSON.parse(readFileSync('config/vitess/vschema.json', 'utf8'))
  expect(Object.keys(tables).toSorted()).toEqual((await tablesOfMigrations()).toSorted())
})
