import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { until } from '../blackbox/client.ts'
import { type DnsServer, startDns } from '../services/index.ts'
import type { Discovery } from './front.ts'
import type { Place } from './places.ts'

const CONFIG = fileURLToPath(new URL('../../config/dns', import.meta.url))
const ZONE = 'paste.test'

/** The name under which `config/dns` has the replicas. */
export const REPLICAS_NAME = `app.${ZONE}`

/** Starts BIND 9 with `config/dns` as it is shipped, but for folder, port and key. */
export function startNames(): Promise<DnsServer> {
  return startDns(
    ZONE,
    ({ folder, port, key }) => {
      copyFileSync(join(CONFIG, `${ZONE}.zone`), join(folder, `${ZONE}.zone`))
      writeFileSync(join(folder, 'paste.key'), key)
      const text = readFileSync(join(CONFIG, 'named.conf'), 'utf8')
      const edits: [string, string][] = [
        ['include "/etc/bind/paste.key";', `include "${folder}/paste.key";\ncontrols { };`],
        ['directory "/var/lib/bind";', `directory "${folder}"; pid-file none; session-keyfile none;`],
        ['listen-on port 53 { any; };', `listen-on port ${port} { 127.0.0.1; };`],
        ['listen-on-v6 port 53 { any; };', 'listen-on-v6 { none; };'],
      ]
      return edits.reduce((edited, [from, to]) => {
        if (!edited.includes(from)) throw new Error(`named.conf has no ${from}`)
        return edited.replace(from, to)
      }, text)
    },
    'paste-replicas',
  )
}

/** What a replica is told so that it registers itself there. */
export function registrationAt({ port, key }: DnsServer): Record<string, string> {
  return {
    DNS_UPDATE_SERVER: `127.0.0.1:${port}`,
    DNS_UPDATE_ZONE: ZONE,
    DNS_UPDATE_NAME: REPLICAS_NAME,
    DNS_UPDATE_KEY: key,
  }
}

/** The IPv4 addresses under the name of the replicas, sorted; none where there is no such name. */
export async function namedAddresses({ resolver }: DnsServer): Promise<string[]> {
  return (await resolver.resolve4(REPLICAS_NAME).catch(() => [])).sort()
}

/** Waits until so many replicas are there. */
export async function untilNamed(names: DnsServer, count: number): Promise<void> {
  await until(
    () => namedAddresses(names),
    (addresses) => addresses.length === count,
  )
}

/** How nginx finds replicas at these places, all on one port. */
export function byName({ port }: DnsServer, places: readonly Place[], keep = false): Discovery {
  return { name: REPLICAS_NAME, port: places[0]?.port ?? 0, dnsPort: port, keep }
}
