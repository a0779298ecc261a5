import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { send } from '../blackbox/client.ts'
import { type Service, startService } from '../blackbox/service.ts'
import { patiently } from '../patience.ts'
import { COMPILED } from './backup-command.ts'

type Ended = { code: number; out: string; error: string }

describe('npm run keys, beside a running service', { timeout: patiently(30_000) }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'pastebin-keys-'))
  const environment = { DATA_DIR: folder, CREATE: 'keys' }
  let service: Service
  beforeAll(async () => {
    service = await startService(environment)
  }, patiently(30_000))
  afterAll(async () => {
    await service.kill('SIGTERM')
    rmSync(folder, { recursive: true })
  })

  const keys = (...words: string[]) =>
    new Promise<Ended>((resolve) => {
      const env = { PATH: process.env.PATH, NODE_COMPILE_CACHE: COMPILED, ...environment }
      execFile(process.execPath, ['src/commands/keys.ts', ...words], { env }, (error, out, errors) =>
        resolve({ code: (error?.code as number | undefined) ?? 0, out: out.trim(), error: errors.trim() }),
      )
    })
  const post = (key: string) =>
    send(`${service.url}/`, { method: 'POST', headers: { authorization: `Bearer ${key}` }, body: 'made with a key' })

  test('a key that was made lets its holder create, is listed without its secret, and can be revoked', async () => {
    const made = await keys('add', 'ci', '--scopes', 'create', '--expires', '90d')
    expect([made.code, made.out]).toEqual([0, expect.stringMatching(/^key_[\w-]{43}$/)])
    expect((await post(made.out)).status).toBe(201)
    const { out } = await keys('list')
    expect(out).toMatch(/^ci {2}create {2}made \d{4}-\d\d-\d\d, expires \d{4}-\d\d-\d\d, last used \d{4}-\d\d-\d\d$/)
    expect(await keys('revoke', 'ci')).toMatchObject({ code: 0, out: 'ci is revoked' })
    await expect.poll(async () => (await post(made.out)).status, { timeout: patiently(10_000) }).toBe(403)
  })

  test('what is wrong is said in one line, with an exit status that is not 0', async () => {
    await keys('add', 'twice')
    expect(await keys('add', 'twice')).toEqual({ code: 1, out: '', error: 'there is a key twice already' })
    expect(await keys('revoke', 'nobody')).toEqual({ code: 1, out: '', error: 'there is no key nobody' })
    const wrong = [['add', 'x', '--scopes', 'admin'], ['add', '-'], ['add'], ['forget', 'x'], ['list', 'x']]
    const codes = await Promise.all(wrong.map(async (words) => (await keys(...words)).code))
    expect(codes).toEqual(wrong.map(() => 2))
  })
})
