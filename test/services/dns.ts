import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { Resolver } from 'node:dns/promises'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { commandPath } from './catalogue.ts'
import { host } from './host.ts'
import { freePort } from './ports.ts'
import { accepts } from './probe.ts'
import type { ServerProcess } from './process.ts'

/** A DNS server (BIND 9) of one's own, for one zone. */
export type DnsServer = ServerProcess & {
  port: number
  /** The key that may change the zone, as `name:algorithm:secret`, made for this server. */
  key: string
  /** Asks this server and no other; answers rotate. */
  resolver: Resolver
  /** Changes the zone while it runs, by dynamic update (RFC 2136): lines such as `add app.svc.test 1 A 127.0.0.11`. */
  update(changes: readonly string[]): Promise<void>
  /** Ends it and removes its files. */
  stop(): Promise<void>
}

/** Writes the files of a server to `folder` and gives the text of `named.conf`. `key` is the statement to include. */
export type DnsFiles = (place: { folder: string; port: number; key: string }) => string

/**
 * Starts BIND 9 on a free loopback port (UDP and TCP) for `zone`, such as `svc.test`. `content` are lines of a zone
 * file, such as `app A 127.0.0.11`, which live for one second in caches; or a function that writes a configuration of
 * its own, for a key of the name `keyName`.
 */
export async function startDns(
  zone: string,
  content: readonly string[] | DnsFiles,
  keyName = 'test',
): Promise<DnsServer> {
  const port = await freePort()
  const secret = randomBytes(32).toString('base64')
  const key = `key "${keyName}" { algorithm hmac-sha256; secret "${secret}"; };`
  const head = [`server 127.0.0.1 ${port}`, `zone ${zone}`, `key hmac-sha256:${keyName} ${secret}`]
  const resolver = new Resolver({ timeout: 1000, tries: 2 })
  resolver.setServers([`127.0.0.1:${port}`])
  const files = typeof content === 'function' ? content : zoneOf(zone, content)
  return host('dns', async ({ folder, run }) => {
    const file = join(folder, 'named.conf')
    writeFileSync(file, files({ folder, port, key }))
    const server = await run({
      name: 'named',
      command: commandPath('named'),
      args: ['-g', '-n', '1', '-c', file],
      ready: () => accepts(port),
    })
    return Object.assign(server, {
      port,
      key: `${keyName}:hmac-sha256:${secret}`,
      resolver,
      update: (changes: readonly string[]) => sendUpdate(head, changes),
    })
  })
}

async function sendUpdate(head: readonly string[], changes: readonly string[]): Promise<void> {
  const child = spawn(commandPath('nsupdate'), { stdio: ['pipe', 'ignore', 'pipe'] })
  child.stdin.end(`${[...head, ...changes.map((change) => `update ${change}`), 'send'].join('\n')}\n`)
  const [complaint, [status]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  if (status !== 0) throw new Error(`nsupdate: ${complaint}`)
}

const ZONE_HEAD = '$TTL 1\n@ SOA localhost. root.localhost. 1 60 60 60 1\n@ NS localhost.\n'

function zoneOf(zone: string, records: readonly string[]): DnsFiles {
  return ({ folder, port, key }) => {
    writeFileSync(join(folder, 'zone'), `${ZONE_HEAD}${records.join('\n')}\n`)
    return `${key}
controls { };
options {
  directory "${folder}";
  listen-on port ${port} { 127.0.0.1; };
  listen-on-v6 { none; };
  pid-file none;
  session-keyfile none;
  recursion no;
  empty-zones-enable no;
  dnssec-validation no;
  notify no;
  allow-query { 127.0.0.0/8; };
  minimal-responses yes;
  rrset-order { order cyclic; };
};
zone "${zone}" { type primary; file "zone"; allow-update { key "test"; }; };
`
  }
}
