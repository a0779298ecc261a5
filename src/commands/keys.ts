import { parseArgs } from 'node:util'
import { createAccessKeys, isKeyName, newKey, SCOPES, type Scope } from '../access/index.ts'
import { systemClock, systemRandom } from '../core/index.ts'
import { createLogger } from '../platform/index.ts'
import { ConfigError, loadConfig, parseDuration } from '../settings/index.ts'
import { openDatabase } from '../wiring/index.ts'
import { runCommand } from './run-command.ts'
import { requireDatabase } from './source.ts'

// `npm run keys` makes, lists and revokes the keys that CREATE=keys and READ=keys ask for, while the service runs. A new key
// is shown once: only its hash is stored. Exit 0: done; 1: there is no such key, or the name is taken; 2: failed.

const USAGE = 'usage: npm run keys -- add NAME [--scopes create,read] [--expires 90d], or list, or revoke NAME'

await runCommand(run, USAGE)

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { scopes: { type: 'string', default: SCOPES.join() }, expires: { type: 'string' } },
    allowPositionals: true,
  })
  const [action, name = '', ...others] = positionals
  if (others.length > 0 || !(action === 'list' ? name === '' : isKeyName(name))) throw new ConfigError(USAGE)
  const config = { ...loadConfig(), redisUrl: undefined }
  requireDatabase(config)
  const logger = createLogger({ level: config.logLevel, pretty: process.stderr.isTTY === true })
  const { database } = await openDatabase(config, logger, undefined, true)
  const keys = createAccessKeys(database.db, systemClock)
  try {
    if (action === 'list') return await list(keys)
    if (action === 'revoke') return said(await keys.revoke(name), `${name} is revoked`, `there is no key ${name}`)
    if (action !== 'add') throw new ConfigError(USAGE)
    const key = newKey(systemRandom)
    const expiresAt = values.expires === undefined ? null : systemClock.now() + parseDuration(values.expires)
    const isAdded = await keys.add(key, { name, scopes: scopesOf(values.scopes), expiresAt })
    return said(isAdded, key, `there is a key ${name} already`)
  } finally {
    await database.close()
  }
}

async function list(keys: ReturnType<typeof createAccessKeys>): Promise<number> {
  const day = (at: number | null, otherwise: string) =>
    at === null ? otherwise : new Date(at).toISOString().slice(0, 10)
  for (const { name, scopes, createdAt, expiresAt, usedAt } of await keys.list()) {
    const times = `made ${day(createdAt, '')}, expires ${day(expiresAt, 'never')}, last used ${day(usedAt, 'never')}`
    process.stdout.write(`${name}  ${scopes.join()}  ${times}\n`)
  }
  return 0
}

function said(isDone: boolean, done: string, otherwise: string): number {
  if (isDone) process.stdout.write(`${done}\n`)
  else process.stderr.write(`${otherwise}\n`)
  return isDone ? 0 : 1
}

function scopesOf(text: string): Scope[] {
  const words = text.split(',')
  const scopes = SCOPES.filter((scope) => words.includes(scope))
  if (scopes.length !== words.length) throw new ConfigError(`--scopes takes ${SCOPES.join(' and ')}`)
  return scopes
}
