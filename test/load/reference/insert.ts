// What creating a paste costs at the very least: a bare Fastify route that inserts the row of a paste, durably, one by
// one. Nothing is checked, hashed or looked up. SCHEMA_OF is a database of the service whose tables are copied.
import { randomBytes } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import Fastify from 'fastify'

const { PORT = '', DATABASE_FILE = '', SCHEMA_OF = '' } = process.env

const database = new DatabaseSync(DATABASE_FILE)
database.exec('pragma journal_mode = wal; pragma synchronous = full')
const model = new DatabaseSync(SCHEMA_OF, { readOnly: true })
for (const { sql } of model.prepare('select sql from sqlite_schema where sql is not null').all())
  database.exec(`${sql}`)
model.close()

const HASH = 'f'.repeat(64)
const MONTH_MS = 30 * 86_400_000
const row = (slug: string, body: Buffer, now: number): Record<string, string | number | Buffer> => ({
  slug,
  kind: 'paste',
  state: 'live',
  version: 1,
  created_at: now,
  updated_at: now,
  expires_at: now + MONTH_MS,
  purge_at: now + MONTH_MS,
  visibility: 'unlisted',
  edit_token_hash: HASH,
  burn_after_reading: 0,
  views: 0,
  encoding: 'identity',
  size_bytes: body.length,
  stored_bytes: body.length,
  sha256: HASH,
  line_count: 54,
  utf8: 1,
  media_type: 'text/plain; charset=utf-8',
  frames: Buffer.alloc(0),
  body,
})
const names = Object.keys(row('', Buffer.alloc(0), 0))
const insert = database.prepare(`insert into pastes (${names}) values (${names.map(() => '?')})`)

const app = Fastify()
app.addContentTypeParser('text/plain', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
app.post('/api/v1/pastes', (request, reply) => {
  const slug = randomBytes(6).toString('base64url')
  insert.run(...Object.values(row(slug, request.body as Buffer, Date.now())))
  reply.code(201).send(slug)
})
await app.listen({ port: Number(PORT) })
