import { isIP } from 'node:net'
import { type Clock, type Logger, systemRandom } from '../core/index.ts'
import { createRegistration, type Registration } from '../platform/index.ts'
import type { Config } from '../settings/index.ts'

const EVERY_ADDRESS = ['0.0.0.0', '::']

/** This replica's entry in the DNS, where the configuration names a server for it. */
export function openRegistration(config: Config, deps: { logger: Logger; clock: Clock }): Registration | undefined {
  const { dnsUpdateServer: server, dnsUpdateZone: zone, dnsUpdateName: name, dnsUpdateKey: key, host } = config
  if (!server || !zone || !name || !key) return undefined
  const listensOn = isIP(host) !== 0 && !EVERY_ADDRESS.includes(host) ? host : undefined
  const address = config.dnsUpdateAddress ?? listensOn
  return createRegistration({ server, zone, name, address, key, random: systemRandom, ...deps })
}
