import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Created, logText, send, sha256 } from '../blackbox/client.ts'
import { type Service, startService } from '../blackbox/service.ts'
import { patiently } from '../patience.ts'
import { freePort, type NginxServer, startNginx, whenService } from '../services/index.ts'
import { frontBlock } from './front.ts'

const MIB = 1024 * 1024

whenService('nginx', () => {
  describe('nginx with TLS', { timeout: patiently(60_000) }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'pastebin-tls-'))
    const file = (name: string) => join(folder, name)
    let service: Service | undefined
    let nginx: NginxServer | undefined
    let plainPort: number
    let secureUrl: string

    beforeAll(async () => {
      const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '1']
      const made = ['-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-keyout', file('key')]
      execFileSync('openssl', ['req', '-x509', ...made, '-out', file('certificate'), ...subject], { stdio: 'pipe' })
      const certificate = readFileSync(file('certificate'), 'utf8')
      const key = readFileSync(file('key'), 'utf8')
      const port = await freePort()
      plainPort = await freePort()
      nginx = await startNginx(frontBlock([`127.0.0.1:${port}`], { tls: { certificate, key, plainPort } }))
      secureUrl = nginx.url.replace('http:', 'https:')
      service = await startService({ PORT: `${port}`, PUBLIC_URL: secureUrl, TRUSTED_PROXIES: '127.0.0.1' })
    })
    afterAll(async () => {
      await nginx?.stop()
      await service?.stop()
      rmSync(folder, { recursive: true })
    })

    /** Asks with curl, which trusts our certificate and speaks HTTP/2; gives its output and the protocol's version. */
    async function curl(args: string[], input = ''): Promise<{ version: string; text: string }> {
      const always = ['--silent', '--show-error', '--http2', '--cacert', file('certificate'), '-w', '\n%{http_version}']
      const running = promisify(execFile)('curl', [...always, ...args])
      running.child.stdin?.end(input)
      const { stdout } = await running
      const end = stdout.lastIndexOf('\n')
      return { version: stdout.slice(end + 1), text: stdout.slice(0, end) }
    }

    test('a body of several frames goes up and down over HTTP/2', async () => {
      const bytes = logText(6 * MIB)
      writeFileSync(file('up'), bytes)
      const type = ['-H', 'content-type: text/plain']
      const made = await curl(['--data-binary', `@${file('up')}`, ...type, `${secureUrl}/api/v1/pastes`])
      expect(made.version).toBe('2')
      const { rawUrl } = JSON.parse(made.text) as Created
      expect(rawUrl.startsWith(`${secureUrl}/`)).toBe(true)
      expect((await curl(['-o', file('down'), rawUrl])).version).toBe('2')
      expect(sha256(readFileSync(file('down')))).toBe(sha256(bytes))
    })

    test('a pipe of unknown length goes up too, and is answered with its address', async () => {
      const { text } = await curl(['-T-', `${secureUrl}/`], 'from a pipe')
      expect(text).toMatch(new RegExp(`^${secureUrl}/[0-9A-Za-z]{8}\n$`))
    })

    test('pages pin https, and http is sent there, whatever the method', async () => {
      expect((await curl(['-i', '-H', 'accept: text/html', `${secureUrl}/`])).text).toMatch(
        /^strict-transport-security: /m,
      )
      for (const method of ['GET', 'PUT']) {
        const answer = await send(`http://127.0.0.1:${plainPort}/name?x=1`, { method })
        expect([answer.status, answer.headers.get('location')]).toEqual([308, 'https://127.0.0.1/name?x=1'])
      }
    })
  })
})
