import { expect, test } from 'vitest'
import { ConfigError, loadConfig } from '../../src/settings/config.ts'
import { redisUrl } from '../../src/settings/redis-url.ts'

const at = (host: string, port: number) => ({ host, port })

test.each([
  ['redis://cache', { kind: 'server', nodes: [at('cache', 6_379)], db: 0, tls: false }],
  ['redis://cache:6380/3', { kind: 'server', nodes: [at('cache', 6_380)], db: 3 }],
  ['rediss://[::1]:7000/', { kind: 'server', nodes: [at('::1', 7_000)], tls: true }],
  ['redis://:p%40ss@cache', { kind: 'server', username: undefined, password: 'p@ss' }],
  ['redis://user:a:b@cache', { username: 'user', password: 'a:b' }],
  [
    'redis+sentinel://user:secret@one,two:26380/mymaster?db=2',
    { kind: 'sentinel', nodes: [at('one', 26_379), at('two', 26_380)], name: 'mymaster', db: 2, username: 'user' },
  ],
  ['rediss+sentinel://one/my%20master', { kind: 'sentinel', name: 'my master', tls: true }],
  [
    'redis+cluster://one:1,two:2,[fe80::3]:3',
    { kind: 'cluster', nodes: [at('one', 1), at('two', 2), at('fe80::3', 3)] },
  ],
  ['rediss+cluster://:secret@one/', { kind: 'cluster', nodes: [at('one', 6_379)], password: 'secret', tls: true }],
])('%s is understood', (text, expected) => {
  expect(redisUrl(text)).toMatchObject(expected)
})

test.each([
  'cache:6379',
  'http://cache',
  'redis://',
  'redis:///0',
  'redis://a b',
  'redis://cache:0',
  'redis://cache:65536',
  'redis://cache:x',
  'redis://cache/zero',
  'redis://cache/0?db=1',
  'redis://one,two',
  'redis+sentinel://one:26379',
  'redis+sentinel://one:26379/',
  'redis+sentinel://one/mymaster?database=1',
  'redis+cluster://one/1',
  'redis+cluster://one,,two',
  'redis+nothing://one',
  'redis://%zz:canary@cache',
  'redis+sentinel://user:canary@one:26379',
])('%s ends the start with one line that holds no password', (text) => {
  const load = () => loadConfig({ REDIS_URL: text })
  expect(load).toThrow(ConfigError)
  expect(load).toThrow(/^REDIS_URL [^\n]+$/)
  expect(load).not.toThrow('canary')
})
