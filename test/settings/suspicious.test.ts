import { expect, test } from 'vitest'
import { suspiciousVariables } from '../../src/settings/suspicious.ts'

test.each([
  [{ MAX_EXPIRE: '30d' }, 'MAX_EXPIRY'],
  [{ REDIS_URI: 'redis://:canary@host' }, 'REDIS_URL'],
  [{ DATABSE_URL_FILE: '/canary' }, 'DATABASE_URL_FILE'],
  [{ S3_PATH_STYLE: 'canary' }, 'no setting has this name'],
  [{ PUBLIC_URL_FILE: '/canary' }, 'only secrets'],
])('%j is told, without its value', (environment: Record<string, string>, words) => {
  const lines = suspiciousVariables(environment)
  expect(lines).toEqual([expect.stringContaining(words)])
  expect(lines[0]).not.toContain('canary')
})

test('what is ours, and what is plainly not, is no mistake', () => {
  const others = { HOME: '/root', PWD: '/', HOSTNAME: 'h', SHELL: 'sh', TERM: 'x', NODE_OPTIONS: '-', LOGNAME: 'me' }
  const ours = { MAX_EXPIRY: '30d', DATABASE_URL_FILE: '/x', REDIS_URL: 'redis://host' }
  expect(suspiciousVariables({ ...others, ...ours, MAX_EXPIRE: '' })).toEqual([])
})
