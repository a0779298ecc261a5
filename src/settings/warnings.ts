import { BlockList, isIP } from 'node:net'
import type { Config } from './config.ts'
import { ownEnvironment } from './environment.ts'
import { suspiciousVariables } from './suspicious.ts'

/** One line for each setting that can be used and that may not be meant so: for the log, once at start. */
export function settingWarnings(
  config: Config,
  environment: Readonly<Record<string, string | undefined>> = ownEnvironment(),
): string[] {
  const lines = suspiciousVariables(environment)
  if (config.databaseUrl && !config.s3Endpoint)
    lines.push(
      'DATABASE_URL is set and S3_ENDPOINT is not: larger pastes lie in DATA_DIR and are not shared with other replicas',
    )
  if (!config.databaseUrl && config.s3Endpoint)
    lines.push(
      'S3_ENDPOINT is set and DATABASE_URL is not: the list of pastes lies in DATA_DIR and is not shared with other replicas',
    )
  if (!config.publicUrl && !isLoopback(config.host))
    lines.push('PUBLIC_URL is not set and HOST is not of this machine alone: links name the address that it listens on')
  return lines
}

function isLoopback(host: string): boolean {
  if (host === 'localhost') return true
  const family = isIP(host)
  if (family === 0) return false
  const loopback = new BlockList()
  loopback.addSubnet('127.0.0.0', 8, 'ipv4')
  loopback.addAddress('::1', 'ipv6')
  return loopback.check(host, family === 4 ? 'ipv4' : 'ipv6')
}
