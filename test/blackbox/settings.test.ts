import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { runToEnd, startService } from './service.ts'

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
