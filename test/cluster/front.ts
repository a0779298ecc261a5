import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { HttpBlock } from '../services/index.ts'

const CONFIG = fileURLToPath(new URL('../../config/nginx', import.meta.url))

/** A name under which a DNS server on this machine has the replicas, all of which listen on one port. */
export type Discovery = {
  name: string
  port: number
  dnsPort: number
  /** Whether nginx is 1.27.3 or later, so that connections are kept. */
  keep?: boolean
}

/** What an operator chooses beside the replicas. */
export type FrontChoices = {
  leastConnections?: boolean
  cache?: boolean
  /** Certificate and key in PEM: https on the port, and http on `plainPort`. */
  tls?: { certificate: string; key: string; plainPort: number }
}

/**
 * `config/nginx` as it is shipped, but for what an operator edits: the port on which it listens, the files that are
 * included, and the replicas, given as a list of `host:port` or by name.
 */
export function frontBlock(replicas: readonly string[] | Discovery, choices: FrontChoices = {}): HttpBlock {
  return ({ port, folder }) => {
    cpSync(CONFIG, folder, { recursive: true })
    const edit: Edit = (file, from, to) => change(join(folder, file), from, to)
    if ('name' in replicas) discover(replicas, edit)
    else list(replicas, edit)
    if (choices.leastConnections) edit('paste/replicas.conf', '# least_conn;', 'least_conn;')
    if (choices.cache) {
      mkdirSync(join(folder, 'cache'), { recursive: true })
      edit('paste.conf', 'include paste/no-cache.conf', 'include paste/cache.conf')
      edit('paste/cache.conf', '/var/cache/nginx/paste', join(folder, 'cache'))
    }
    if (choices.tls) secure(folder, port, choices.tls, edit)
    else edit('paste/plain.conf', 'listen 80;', `listen 127.0.0.1:${port};`)
    return 'include paste.conf;'
  }
}

/** Whether this nginx follows names in a list of servers, as 1.27.3 does for the first time. */
export function followsNames(nginx: string): boolean {
  const { stderr } = spawnSync(nginx, ['-v'], { encoding: 'utf8' })
  const [major = 0, minor = 0, patch = 0] = (/(\d+)\.(\d+)\.(\d+)/.exec(stderr) ?? []).slice(1).map(Number)
  return (major * 1_000 + minor) * 1_000 + patch >= 1_027_003
}

type Edit = (file: string, from: string | RegExp, to: string | ((...match: string[]) => string)) => void

function list(replicas: readonly string[], edit: Edit): void {
  edit('paste/replicas.conf', /^ *server 127\.0\.0\.1:3000 (.*)$/gm, (_line, settings) =>
    replicas.map((address) => `  server ${address} ${settings}`).join('\n'),
  )
}

function discover({ name, port, dnsPort, keep }: Discovery, edit: Edit): void {
  const file = keep ? 'paste/discovery-keep.conf' : 'paste/discovery.conf'
  edit('paste.conf', 'include paste/replicas.conf', `include ${file}`)
  edit(file, 'resolver 127.0.0.1:53 ', `resolver 127.0.0.1:${dnsPort} `)
  edit(file, / app\.paste\.test:3000/g, ` ${name}:${port}`)
}

function secure(folder: string, port: number, tls: NonNullable<FrontChoices['tls']>, edit: Edit): void {
  writeFileSync(join(folder, 'certificate.pem'), tls.certificate)
  writeFileSync(join(folder, 'key.pem'), tls.key)
  edit('paste.conf', 'include paste/plain.conf', 'include paste/tls.conf')
  edit('paste/tls.conf', 'listen 80;', `listen 127.0.0.1:${tls.plainPort};`)
  edit('paste/tls.conf', 'listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`)
  edit('paste/tls.conf', '/etc/letsencrypt/live/paste.example/fullchain.pem', join(folder, 'certificate.pem'))
  edit('paste/tls.conf', '/etc/letsencrypt/live/paste.example/privkey.pem', join(folder, 'key.pem'))
}

function change(file: string, from: string | RegExp, to: string | ((...match: string[]) => string)): void {
  const text = readFileSync(file, 'utf8')
  if (text.split(from).length === 1) throw new Error(`${file} has no ${from}`)
  writeFileSync(file, text.replace(from, typeof to === 'string' ? () => to : to))
}
