import { isIP } from 'node:net'
import { type Setting, setting } from './parsers.ts'

/** A key for DNS updates, as `tsig-keygen` makes them. */
type UpdateKey = { name: string; algorithm: 'hmac-sha256' | 'hmac-sha384' | 'hmac-sha512'; secret: Buffer }

/** The settings by which a replica puts itself under the name that load balancers ask for. */
export const DNS_SETTINGS = {
  dnsUpdateServer: setting(
    'DNS_UPDATE_SERVER',
    'DNS server, `host` or `host:port`, with which this replica registers while it runs; absent: none',
    undefined,
    dnsServer,
  ),
  dnsUpdateZone: setting('DNS_UPDATE_ZONE', 'Zone that is changed there, such as `paste.test`', undefined, domainName),
  dnsUpdateName: setting(
    'DNS_UPDATE_NAME',
    'Name that gets the address of every replica, such as `app.paste.test`',
    undefined,
    domainName,
  ),
  dnsUpdateAddress: setting(
    'DNS_UPDATE_ADDRESS',
    'Address of this replica; absent: `HOST` where that is one, else the one from which it reaches the DNS server',
    undefined,
    ipAddress,
  ),
  dnsUpdateKey: setting(
    'DNS_UPDATE_KEY',
    'Key for that, `name:hmac-sha256:secret`, made by `tsig-keygen`',
    undefined,
    updateKey,
    true,
  ),
} satisfies Record<string, Setting<unknown>>

type Values = { [Name in keyof typeof DNS_SETTINGS]: unknown }

/** What is wrong with these settings taken together, as a line for the operator, if anything is. */
export function dnsSettingsProblem(config: Values): string | undefined {
  if (!config.dnsUpdateServer) return undefined
  const { dnsUpdateZone: zone, dnsUpdateName: name, dnsUpdateKey: key } = config
  if (!zone || !name || !key)
    return 'DNS_UPDATE_SERVER is set, so DNS_UPDATE_ZONE, DNS_UPDATE_NAME and DNS_UPDATE_KEY must be set too'
  return name === zone || `${name}`.endsWith(`.${zone}`) ? undefined : 'DNS_UPDATE_NAME must lie in DNS_UPDATE_ZONE'
}

function dnsServer(text: string): { host: string; port: number } {
  const url = isIP(text) === 6 ? URL.parse(`dns://[${text}]`) : URL.parse(`dns://${text}`)
  if (!url?.hostname || url.username || url.pathname || url.search || url.hash)
    throw new Error('wants a DNS server such as 10.0.0.53 or ns.example:5353')
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 53) }
}

function domainName(text: string): string {
  const name = text.toLowerCase().replace(/\.$/, '')
  if (name.length > 253 || !/^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/.test(name))
    throw new Error('wants a domain name such as app.paste.test')
  return name
}

function ipAddress(text: string): string {
  if (isIP(text) === 0 || text.includes('%')) throw new Error('wants an address such as 10.0.0.7')
  return text
}

function updateKey(text: string): UpdateKey {
  const [, name, algorithm, secret = ''] = /^([^:\s]+):(hmac-sha(?:256|384|512)):([A-Za-z0-9+/]+=*)$/.exec(text) ?? []
  const bytes = Buffer.from(secret, 'base64')
  if (!name || bytes.length < 16)
    throw new Error('wants name:hmac-sha256:secret, the secret in base64, 16 bytes or more')
  return { name: domainName(name), algorithm: algorithm as UpdateKey['algorithm'], secret: bytes }
}
