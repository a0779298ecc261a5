import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { SETTINGS } from '../../../src/settings/config.ts'

const FOLDER = fileURLToPath(new URL('../../../config/systemd/', import.meta.url))
const MOST_EXPOSED = 2

describe('the systemd unit', () => {
  test('lets the process do little: systemd calls its exposure 2.0 or less', async () => {
    const { stdout } = await promisify(execFile)('systemd-analyze', [
      'security',
      '--offline=true',
      `${FOLDER}pastebin.service`,
    ])
    const level = Number(/exposure level for pastebin\.service: ([\d.]+)/.exec(stdout)?.[1])
    expect(level).toBeLessThanOrEqual(MOST_EXPOSED)
  })

  test('starts the service as npm start does', () => {
    const { scripts } = JSON.parse(readFileSync(`${FOLDER}../../package.json`, 'utf8')) as {
      scripts: { start: string }
    }
    const command = scripts.start.replace(/^exec node /, '')
    expect(readFileSync(`${FOLDER}pastebin.service`, 'utf8')).toContain(`/node_modules/.bin/node ${command}\n`)
  })

  test('names only settings that the service has', () => {
    const known = new Set<string>(Object.values(SETTINGS).map(({ variable }) => variable))
    const lines = readFileSync(`${FOLDER}pastebin.env`, 'utf8').matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)
    expect([...lines].map(([, name = '']) => name).filter((name) => !known.has(name))).toEqual([])
  })
})
