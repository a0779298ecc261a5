import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { SETTINGS } from '../../../src/settings/config.ts'
import { whenService } from '../../services/index.ts'

const CONFIG = fileURLToPath(new URL('../../../config/', import.meta.url))
const read = (file: string) => readFileSync(`${CONFIG}${file}`, 'utf8')

whenService('docker-compose', ({ 'docker-compose': { path } }) => {
  describe.each(['compose.yaml', 'swarm.yaml'])('config/%s', (file) => {
    test('is what compose takes', async () => {
      const { stderr } = await promisify(execFile)(path, ['-f', `${CONFIG}${file}`, 'config', '--quiet'])
      // What only a swarm heeds is ignored, and said so.
      if (file === 'compose.yaml') expect(stderr).toBe('')
    })
  })
})

describe.each(['compose.yaml', 'swarm.yaml'])('config/%s', (file) => {
  const known = new Set(Object.values(SETTINGS).map(({ variable }) => variable))

  test('names only settings that the service has', () => {
    const app = /\n {2}app:[\s\S]*?\n {4}environment:\n([\s\S]*?)\n {4}\w/.exec(read(file))
    const settings = /\nx-settings:[^\n]*\n([\s\S]*?)\n\n/.exec(read(file))
    const lines = (settings ?? app)?.[1]?.matchAll(/^ +([A-Z][A-Z0-9_]*):/gm) ?? []
    const variables = [...lines].map(([, name = '']) => name.replace(/_FILE$/, ''))
    expect(variables.length).toBeGreaterThan(10)
    expect(known).toEqual(new Set([...known, ...variables]))
  })

  test('has no password in it, and no default for one', () => {
    expect(read(file)).not.toMatch(/(PASSWORD|SECRET\w*|TOKEN)\w*:[- ]+[a-z0-9]{8}/i)
    const files = [...read(file).matchAll(/\/(\w+)" \}$/gm)].map(([, name = '']) => name)
    expect(files.length).toBeGreaterThan(5)
    for (const name of files) expect(read('compose/secrets.sh')).toMatch(new RegExp(`\\b${name}\\b`))
  })
})

test('a swarm gives nginx every file that it includes', () => {
  const swarm = read('swarm.yaml')
  const wanted = new Set<string>()
  const follow = (text: string) => {
    for (const [, name = ''] of text.matchAll(/^ *include paste\/([\w-]+\.conf);/gm)) {
      if (wanted.has(name)) continue
      wanted.add(name)
      follow(read(`nginx/paste/${name}`))
    }
  }
  follow(read('compose/nginx.conf'))
  expect(readdirSync(`${CONFIG}nginx/paste`)).toEqual(expect.arrayContaining([...wanted]))
  const given = [...swarm.matchAll(/target: \/etc\/nginx\/paste\/(\S+) \}/g)].map(([, name]) => name)
  expect(new Set(given)).toEqual(wanted)
})
