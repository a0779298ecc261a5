import { randomUUID } from 'node:crypto'
import { createConnection } from 'mysql2/promise'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  createDatabase,
  type Database,
  type FaultProxy,
  type Link,
  type SqlServer,
  startFaultProxy,
  startSql,
  whenService,
} from '../services/index.ts'
import { bearer, codeOf, create, json, logText, postRaw, send, sha256 } from './client.ts'
import { type Service, startService } from './service.ts'
import { expectDegraded, expectRecovery, expectUnavailable } from './unavailable.ts'

whenService('sql', () => {
  describe('with a database that fails', () => {
    let server: SqlServer
    let proxy: FaultProxy
    let database: Database
    let service: Service
    beforeAll(async () => {
      server = await startSql()
      proxy = await startFaultProxy(server.port)
      database = await createDatabase(server)
      const url = new URL(database.url)
      url.port = `${proxy.port}`
      service = await startService({ DATABASE_URL: url.href, MIGRATE_AT_START: 'true' })
    })
    afterEach(() => proxy.set({}))
    afterAll(async () => {
      await service.stop()
      await proxy.stop()
      await server.stop()
    })

    test.each([
      ['refuses connections', { refuse: true }],
      ['accepts and never answers', { blackHole: true }],
      ['takes statements and never answers', { holdReplies: true }],
    ])('that %s: 503 in time, and back by itself', async (_name, fault) => {
      const made = await create(service.url, 'before')
      await proxy.set(fault)
      await expectUnavailable(() => postRaw(service.url, 'now'), ['database_unavailable', 'commit_unknown'])
      await expectUnavailable(() => send(`${service.url}/api/v1/pastes/nobody-has-it`), ['database_unavailable'])
      const change = { method: 'DELETE', headers: bearer(made.editToken) }
      await expectUnavailable(() => send(`${service.url}/api/v1/pastes/${made.slug}`, change), ['database_unavailable'])
      await expectDegraded(service.url, 'database')
      await proxy.set({})
      await expectRecovery(service.url)
      expect((await send(`${service.url}/raw/${made.slug}`)).bytes.toString()).toBe('before')
    })

    test('that restarts: 503, then everything as before', async () => {
      const made = await create(service.url, 'before')
      await server.kill()
      await expectUnavailable(() => postRaw(service.url, 'now'), ['database_unavailable'])
      await server.restart()
      await expectRecovery(service.url)
      expect((await send(`${service.url}/raw/${made.slug}`)).bytes.toString()).toBe('before')
    })

    test.each([
      ['the insert of the key', 700, 1],
      ['the insert of a small paste', 700, 2],
      ['the note that a small paste is made', 700, 3],
      ['the reservation of a large paste', 200_000, 2],
      ['the statement that makes a large paste live', 200_000, 3],
      ['the note that a large paste is made', 200_000, 4],
    ])('that loses the reply to %s: with the same key, one paste', async (_name, sizeBytes, number) => {
      const bytes = logText(sizeBytes)
      const key = { 'idempotency-key': randomUUID() }
      const fault = loseReplyTo(number)
      await proxy.set(fault)
      const first = await postRaw(service.url, bytes, '', key)
      expect(fault.lost()).toBe(true)
      await proxy.set({})
      expect(first.status === 201 ? 'made' : codeOf(first)).toMatch(/^(made|commit_unknown)$/)
      const made = await create(service.url, bytes, '', key)
      if (first.status === 201) expect(json(first)).toMatchObject({ slug: made.slug, editToken: made.editToken })
      expect(await slugsWith(server, database, sha256(bytes))).toEqual([made.slug])
      expect((await send(`${service.url}/raw/${made.slug}`)).bytes.equals(bytes)).toBe(true)
    })

    test('that loses the reply to a delete: it is gone, and the client knows', async () => {
      const made = await create(service.url, 'to be deleted')
      const fault = loseReplyTo(2)
      await proxy.set(fault)
      const headers = bearer(made.editToken)
      const answer = await send(`${service.url}/api/v1/pastes/${made.slug}`, { method: 'DELETE', headers })
      expect([fault.lost(), answer.status]).toEqual([true, 204])
      expect((await send(`${service.url}/raw/${made.slug}`)).status).toBe(410)
    })
  })
})

const COM_STMT_EXECUTE = 0x17

/** Lets the server carry out the statement that is executed as the n-th from now, and the client never hear of it. */
function loseReplyTo(number: number) {
  let executed = 0
  return {
    onRequest(bytes: Buffer, link: Link) {
      // The command stands behind the four bytes of the packet's head.
      if (bytes[4] === COM_STMT_EXECUTE && ++executed === number) link.dropReply()
      return undefined
    },
    lost: () => executed >= number,
  }
}

/** The slugs of all rows with this content. */
async function slugsWith(server: SqlServer, database: Database, sum: string): Promise<string[]> {
  const connection = await createConnection({ uri: `${server.url}/${database.name}` })
  try {
    const [rows] = await connection.query('select convert(slug using utf8mb4) as slug from pastes where sha256 = ?', [
      sum,
    ])
    return (rows as { slug: string }[]).map(({ slug }) => slug)
  } finally {
    await connection.end()
  }
}
