import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { loadConfig, SETTINGS } from '../../src/settings/config.ts'
import { runToEnd, startService } from '../blackbox/service.ts'

const SECRET = 'hunter2-canary'

describe('settings that can not be used', () => {
  test.each([
    [{ PORT: '70000' }, /^PORT wants a whole number, 0 to 65535 \(it is "70000"\)$/],
    [
      { DATABASE_URL: `postgres://root:${SECRET}@host/x` },
      /^DATABASE_URL wants an address that begins with mysql:\/\/$/,
    ],
    [{ REDIS_URL: SECRET }, /^REDIS_URL wants/],
    [{ MAX_PASTE_BYTES: '50MB' }, /^MAX_PASTE_BYTES wants a size/],
    [{ MAX_PASTE_BYTES: '51MiB' }, /^MAX_PASTE_BYTES must not be more than 50MiB$/],
    [{ TRUSTED_PROXIES: '1' }, /^TRUSTED_PROXIES wants addresses/],
    [{ S3_ENDPOINT: 'https://s3.example', S3_ACCESS_KEY_ID: SECRET }, /^S3_ENDPOINT is set, so/],
    [{ MIN_EXPIRY: '2h', MAX_EXPIRY: '1h', DEFAULT_EXPIRY: '1h' }, /^MIN_EXPIRY must not/],
    [{ SWEEP_SCHEDULE: 'often' }, /^SWEEP_SCHEDULE/],
    [{ PUBLIC_URL: 'paste.example' }, /^PUBLIC_URL wants/],
    [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL wants one of/],
  ])('%j: one line, and exit 1', async (environment: Record<string, string>, line) => {
    const { code, output } = await runToEnd(environment)
    expect(output.trimEnd()).toMatch(line)
    expect(output.trimEnd().split('\n')).toHaveLength(1)
    expect(output).not.toContain(SECRET)
    expect(code).toBe(1)
  })

  test('a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as { port: number }
    const { code, output } = await runToEnd({ PORT: `${port}` })
    other.close()
    expect([code, output.trimEnd()]).toEqual([1, expect.stringMatching(/^The port is in use[^\n]*$/)])
  })

  test('a data folder that another server has', async () => {
    const first = await startService()
    const folder = /data {2}(\S+)/.exec(first.output())?.[1] ?? ''
    const { code, output } = await runToEnd({ DATA_DIR: folder })
    await first.stop()
    expect([code, output.trimEnd()]).toEqual([1, expect.stringMatching(/^\S+ is in use by another server;[^\n]*$/)])
  })

  test('a data folder that can not be made', async () => {
    const { code, output } = await runToEnd({ DATA_DIR: '/dev/null/nowhere' })
    expect([code, output.trimEnd()]).toEqual([1, expect.stringMatching(/^DATA_DIR[^\n]*$/)])
  })
})

describe('the settings', () => {
  test('all have a variable of their own, a description, and a default that can be used', () => {
    const entries = Object.values(SETTINGS)
    expect(new Set(entries.map(({ variable }) => variable)).size).toBe(entries.length)
    for (const { variable, description } of entries) {
      expect(variable).toMatch(/^[A-Z][A-Z0-9_]+$/)
      expect(description.length).toBeGreaterThan(3)
    }
    expect(Object.isFrozen(loadConfig({}))).toBe(true)
  })

  test('an empty variable counts as none', () => {
    expect(loadConfig({ PORT: '', DATABASE_URL: '' })).toEqual(loadConfig({}))
  })
})

describe('a secret in a file', () => {
  const fileWith = (text: string) => {
    const folder = mkdtempSync(join(tmpdir(), 'pastebin-secret-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'secret')
    writeFileSync(file, text)
    return file
  }

  test('is what the file holds, without its last line end', () => {
    expect(loadConfig({ ADMIN_TOKEN_FILE: fileWith(`${SECRET}\n`) }).adminToken).toBe(SECRET)
  })

  test('is never shown, also when it can not be used', () => {
    expect(() => loadConfig({ DATABASE_URL_FILE: fileWith(`postgres://root:${SECRET}@host/x`) })).toThrow(
      /^DATABASE_URL wants an address that begins with mysql:\/\/$/,
    )
  })

  test('is refused when the file is empty or not there, or when the variable is set as well', () => {
    const empty = fileWith('\n')
    expect(() => loadConfig({ ADMIN_TOKEN_FILE: empty })).toThrow(`ADMIN_TOKEN is empty in ${empty}`)
    expect(() => loadConfig({ ADMIN_TOKEN_FILE: `${empty}.none` })).toThrow(
      `ADMIN_TOKEN can't be read from ${empty}.none (ENOENT)`,
    )
    expect(() => loadConfig({ ADMIN_TOKEN_FILE: empty, ADMIN_TOKEN: SECRET })).toThrow(/^ADMIN_TOKEN is set twice/)
  })

  test('is for secrets only', () => {
    expect(loadConfig({ BRAND_NAME_FILE: fileWith('Mine') })).toEqual(loadConfig({}))
  })
})

test('the handbook has the settings as they are', async () => {
  const script = fileURLToPath(new URL('../../config/readme-tables.ts', import.meta.url))
  await expect(promisify(execFile)(process.execPath, [script, '--check'])).resolves.toBeDefined()
})
