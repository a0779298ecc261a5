import { BlockList, isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { requireAdmin } from '../platform/index.ts'
import type { Config } from '../settings/index.ts'

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8)
LOOPBACK.addAddress('::1', 'ipv6')

type Exposure = Pick<Config, 'host' | 'adminToken'>

/**
 * Whether the service's own figures are for this machine alone: others reach the service, and no token keeps them out.
 */
export function figuresStayHere({ host, adminToken }: Exposure): boolean {
  return adminToken === undefined && host !== 'localhost' && !isLoopback(host)
}

/** Lets only an operator pass: who has the admin token or, without one, where anybody reaches the service, this machine. */
export function operatorsOnly(config: Exposure): (request: FastifyRequest) => void {
  const here = figuresStayHere(config) ? isFromHere : undefined
  return (request) => requireAdmin(request, config.adminToken, here)
}

/** Whether a program on this machine asks for itself: a proxy here that isn't trusted asks for anybody. */
function isFromHere({ ip, raw }: FastifyRequest): boolean {
  const { headers, socket } = raw
  const isForwarded = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined
  return isLoopback(ip) && (!isForwarded || ip !== socket.remoteAddress)
}

function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:/i, '')
  return isIP(plain) !== 0 && LOOPBACK.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4')
}
