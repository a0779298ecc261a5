import type { RedisTarget } from '../platform/index.ts'

const FORMS =
  'redis://host:6379, redis+sentinel://host:26379,host:26379/name or redis+cluster://host:6379,host:6379 (rediss for TLS)'
const SHAPE = /^redis(s?)(?:\+(sentinel|cluster))?:\/\/(?:([^@/?#]*)@)?([^@/?#]+)(?:\/([^?#]*))?(?:\?([^#]*))?$/
const NODE = /^(?:\[([0-9a-f:.]+)\]|([A-Za-z0-9._-]+))(?::(\d{1,5}))?$/i
const PORT = 6_379
const SENTINEL_PORT = 26_379

/**
 * `REDIS_URL`, in one of these forms; each also begins with `rediss` for TLS, and may name `user:password@` (percent-
 * encoded) before the first host:
 * - `redis://host[:6379][/db]`: one server;
 * - `redis+sentinel://host[:26379],…/name[?db=n]`: whichever server these sentinels call the primary of `name`;
 * - `redis+cluster://host[:6379],…`: a Redis Cluster, found through any of these nodes.
 *
 * Throws an Error whose message completes "REDIS_URL …" and holds nothing of what was given.
 */
export function redisUrl(text: string): RedisTarget {
  const match = SHAPE.exec(text)
  if (!match) throw new Error(`wants ${FORMS}`)
  const [, secure, form = 'server', user, hosts = '', path = '', query = ''] = match
  const kind = form as RedisTarget['kind']
  const nodes = hosts.split(',').map((host) => node(host, kind === 'sentinel' ? SENTINEL_PORT : PORT))
  if (kind === 'server' && nodes.length > 1)
    throw new Error('names several hosts: say redis+sentinel:// or redis+cluster://')
  if (kind === 'cluster' && (path || query)) throw new Error('has no database and no options for redis+cluster://')
  if (kind === 'sentinel' && path === '')
    throw new Error('wants the name of the primary, such as redis+sentinel://host:26379/mymaster')
  const name = kind === 'sentinel' ? decoded(path) : undefined
  return { kind, nodes, tls: secure === 's', db: database(kind, path, query), ...credentials(user), name }
}

function node(text: string, presetPort: number): { host: string; port: number } {
  const [, v6, name, port = `${presetPort}`] = NODE.exec(text) ?? []
  const host = v6 ?? name
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535)
    throw new Error(`names a host that is not host:port; it wants ${FORMS}`)
  return { host, port: Number(port) }
}

function database(kind: RedisTarget['kind'], path: string, query: string): number {
  const given = kind === 'server' ? path : query.replace(/^db=/, '')
  const known = kind === 'sentinel' ? /^(db=\d{1,4})?$/.test(query) : query === ''
  if (!known || !/^\d{0,4}$/.test(given))
    throw new Error('wants the database as a number: redis://host:6379/0, redis+sentinel://host:26379/name?db=0')
  return Number(given)
}

function credentials(user: string | undefined): { username: string | undefined; password: string | undefined } {
  const [, name = '', password = ''] = /^([^:]*):?(.*)$/.exec(user ?? '') ?? []
  return { username: decoded(name) || undefined, password: decoded(password) || undefined }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new Error('has a % that begins no percent-encoded character')
  }
}
