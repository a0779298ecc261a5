import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { loadConfig, SETTINGS } from '../../src/settings/config.ts'

const SECRET = 'hunter2-canary'

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
