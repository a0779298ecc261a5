import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'

const MIGRATE = fileURLToPath(new URL('../../src/commands/migrate.ts', import.meta.url))

test('migrate says which embedded database it makes, and nothing of the kind when it is there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pastebin-migrate-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const run = async () =>
    (await promisify(execFile)(process.execPath, [MIGRATE], { env: { PATH: process.env.PATH, DATA_DIR: folder } }))
      .stdout
  expect(await run()).toContain(
    `DATABASE_URL is not set: makes the embedded database ${folder}/pastes.db\napplied 0001-`,
  )
  expect(await run()).toBe('the database is up to date\n')
})
