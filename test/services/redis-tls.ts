import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './ports.ts'
import { type RedisServer, startRedis } from './redis.ts'

/** A Redis that speaks TLS on `127.0.0.1`. `url` is what `REDIS_URL` takes, `authorityFile` a CA's certificate (PEM). */
export type RedisTls = { url: string; authorityFile: string; server: RedisServer; stop(): Promise<void> }

/** Starts it with a certificate that a CA made for the occasion has signed; only who knows that CA can trust it. */
export async function startRedisTls(): Promise<RedisTls> {
  const folder = mkdtempSync(join(tmpdir(), 'pastebin-redis-tls-'))
  const removeFolder = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', removeFolder)
  const file = (name: string) => join(folder, name)
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const authority = ['-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=a CA for tests', '-days', '1']
  openssl('req', '-x509', ...newKey, ...authority)
  const server = ['-keyout', 'redis.key', '-out', 'redis.pem', '-subj', '/CN=127.0.0.1', '-days', '1']
  openssl('req', '-x509', ...newKey, ...server, '-addext', 'subjectAltName=IP:127.0.0.1', ...signedBy)
  const port = await freePort()
  const redis = await startRedis([
    ...['--tls-port', `${port}`, '--tls-auth-clients', 'no'],
    ...[
      '--tls-ca-cert-file',
      file('ca.pem'),
      '--tls-cert-file',
      file('redis.pem'),
      '--tls-key-file',
      file('redis.key'),
    ],
  ])
  const stop = async () => {
    await redis.stop()
    process.off('exit', removeFolder)
    removeFolder()
  }
  return { url: `rediss://127.0.0.1:${port}`, authorityFile: file('ca.pem'), server: redis, stop }
}

/** openssl 3 signs with a CA in the same step. */
const signedBy = ['-CA', 'ca.pem', '-CAkey', 'ca.key']
