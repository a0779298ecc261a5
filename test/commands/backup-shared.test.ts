import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { bearer, create, logText, send, sha256 } from '../blackbox/client.ts'
import { type Entry, type Ledger, work } from '../blackbox/ledger.ts'
import { createSeeded } from '../blackbox/seeded.ts'
import { startService } from '../blackbox/service.ts'
import { patiently } from '../patience.ts'
import { createBucket, createDatabase, whenService } from '../services/index.ts'
import { backup } from './backup-command.ts'
import { fsck } from './fsck-command.ts'

whenService(['sql', 's3'], ({ sql, s3 }) => {
  describe('a backup taken under load', () => {
    test(
      'holds every paste that was acknowledged before, whole, when restored into an empty cluster',
      async () => {
        const from = await place()
        const service = await startService(from)
        onTestFinished(() => service.stop())
        const before: Ledger = { entries: new Map(), acknowledged: 0, refused: [] }
        await work(service.url, createSeeded(11), 60, before)
        const edited = await create(service.url, logText(300_000))
        const contents = new Set([edited.sha256])

        const folder = mkdtempSync(join(tmpdir(), 'pastebin-backup-'))
        onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
        let running = true
        const others = (async () => {
          for (let seed = 12; running; seed++)
            await work(service.url, createSeeded(seed), 20, { entries: new Map(), acknowledged: 0, refused: [] })
        })()
        const edits = (async () => {
          while (running) {
            const body = new Uint8Array(logText(300_000))
            contents.add(sha256(body))
            const headers = { ...bearer(edited.editToken), 'content-type': 'text/plain' }
            await send(`${service.url}/api/v1/pastes/${edited.slug}/content`, { method: 'PUT', headers, body })
          }
        })()
        expect(await backup('backup', from, folder)).toMatchObject({ code: 0 })
        running = false
        await Promise.all([others, edits])

        const to = await place()
        expect(await backup('restore', to, folder)).toMatchObject({ code: 0 })
        const restored = await startService(to)
        onTestFinished(() => restored.stop())
        const content = async (slug: string) => send(`${restored.url}/raw/${slug}`)
        for (const entry of before.entries.values()) await expectAsAcknowledged(entry, await content(entry.slug))
        expect(contents).toContain(sha256((await content(edited.slug)).bytes))
        expect(await fsck(to)).toMatchObject({ code: 0 })
      },
      patiently(120_000),
    )

    /** A database and a bucket with nothing in them. */
    async function place(): Promise<Record<string, string>> {
      const database = await createDatabase(sql)
      onTestFinished(() => database.drop())
      return { DATABASE_URL: database.url, MIGRATE_AT_START: 'true', ...(await createBucket(s3)).environment }
    }
  })
})

async function expectAsAcknowledged(entry: Entry, answer: { status: number; bytes: Buffer }): Promise<void> {
  if (entry.gone === 'certain') return expect(answer.status).toBe(410)
  expect({ slug: entry.slug, status: answer.status }).toEqual({ slug: entry.slug, status: 200 })
  expect(entry.contents).toContain(sha256(answer.bytes))
}
