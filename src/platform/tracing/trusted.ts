import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'

/** Whether the other end of a request's connection is one of these addresses and CIDR ranges. */
export function callersIn(networks: readonly string[]): (request: IncomingMessage) => boolean {
  const list = new BlockList()
  for (const network of networks) {
    const [host = '', prefix] = network.split('/')
    const family = isIP(host) === 4 ? 'ipv4' : 'ipv6'
    if (prefix === undefined) list.addAddress(host, family)
    else list.addSubnet(host, Number(prefix), family)
  }
  return ({ socket: { remoteAddress = '', remoteFamily } }) =>
    // BlockList sees through IPv4 addresses that are written as IPv6.
    list.check(remoteAddress, remoteFamily === 'IPv6' ? 'ipv6' : 'ipv4')
}
