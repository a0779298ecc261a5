import { createServer } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { systemClock, systemRandom } from '../../src/core/index.ts'
import { createRegistration } from '../../src/platform/index.ts'
import { until } from '../blackbox/client.ts'
import { type Service, startService } from '../blackbox/service.ts'
import { patiently } from '../patience.ts'
import { type DnsServer, freePort, whenService } from '../services/index.ts'
import { namedAddresses, REPLICAS_NAME, registrationAt, startNames } from './names.ts'

async function names(): Promise<DnsServer> {
  const server = await startNames()
  onTestFinished(() => server.stop())
  return server
}

/** A replica that listens on this address and registers it; killed after the test, since an orderly end takes 3 s. */
async function startReplica(dns: DnsServer, address: string): Promise<Service> {
  const replica = await startService({ HOST: address, ...registrationAt(dns) })
  onTestFinished(async () => {
    await replica.kill('SIGKILL')
    await replica.stop()
  })
  return replica
}

const untilAddresses = (dns: DnsServer, wanted: string[]) =>
  until(
    () => namedAddresses(dns),
    (found) => `${found}` === `${wanted}`,
  )

/** A registration of our own making, and what it logged. */
function register(
  dns: Pick<DnsServer, 'port' | 'key'>,
  change: { zone?: string; name?: string; address?: string; secret?: string; now?: number } = {},
) {
  const [name = '', , secret = ''] = dns.key.split(':')
  const log: string[] = []
  const write = (fields: object, message: string) =>
    void log.push(`${message} ${(fields as { err?: Error }).err?.message ?? ''}`.trim())
  const registration = createRegistration({
    server: { host: '127.0.0.1', port: dns.port },
    zone: change.zone ?? 'paste.test',
    name: change.name ?? REPLICAS_NAME,
    address: change.address ?? '127.0.0.21',
    key: { name, algorithm: 'hmac-sha256', secret: Buffer.from(change.secret ?? secret, 'base64') },
    clock: { now: () => change.now ?? systemClock.now() },
    random: systemRandom,
    logger: { debug: write, info: write, warn: write, error: write },
  })
  onTestFinished(() => registration.withdraw())
  return { registration, log }
}

whenService('dns', () => {
  describe('a replica and the DNS', { timeout: patiently(60_000) }, () => {
    test('is there while it runs, and leaves first thing when it is told to end', async () => {
      const dns = await names()
      const replica = await startReplica(dns, '127.0.0.31')
      await untilAddresses(dns, ['127.0.0.31'])
      replica.signal('SIGTERM')
      await untilAddresses(dns, [])
      expect((await fetch(`${replica.url}/health/live`)).status).toBe(200)
      expect(await replica.ended()).toBe(0)
    })

    test('comes back under the same name after a crash left it there', async () => {
      const dns = await names()
      const replica = await startReplica(dns, '127.0.0.32')
      await untilAddresses(dns, ['127.0.0.32'])
      await replica.kill('SIGKILL')
      expect(await namedAddresses(dns)).toEqual(['127.0.0.32'])
      await replica.restart()
      await until(
        () => dnsState(replica.url),
        (state) => state === 'ok',
      )
      expect(await namedAddresses(dns)).toEqual(['127.0.0.32'])
    })

    test('starts and answers without a DNS server, says so, and registers once there is one', async () => {
      const dns = await names()
      await dns.kill('SIGKILL')
      const replica = await startReplica(dns, '127.0.0.33')
      expect((await fetch(`${replica.url}/health/ready`)).status).toBe(200)
      expect(await dnsState(replica.url)).toBe('unavailable')
      await until(
        async () => replica.output(),
        (output) => output.includes('is not registered with the DNS server'),
      )
      await dns.restart()
      await untilAddresses(dns, ['127.0.0.33'])
    })
  })

  describe('a registration', () => {
    test('of several replicas lets each come and go without the others', async () => {
      const dns = await names()
      const all = ['127.0.0.21', '127.0.0.22', '127.0.0.23'].map((address) => register(dns, { address }).registration)
      for (const one of all) one.start()
      await untilAddresses(dns, ['127.0.0.21', '127.0.0.22', '127.0.0.23'])
      await all[1]?.withdraw()
      expect(await namedAddresses(dns)).toEqual(['127.0.0.21', '127.0.0.23'])
    })

    test('takes IPv6 too', async () => {
      const dns = await names()
      register(dns, { address: '2001:db8::7' }).registration.start()
      await until(
        () => dns.resolver.resolve6(REPLICAS_NAME).catch(() => []),
        (found) => found[0] === '2001:db8::7',
      )
    })

    test('withdrawn while the first message is on its way does not stay', async () => {
      const dns = await names()
      const { registration } = register(dns)
      registration.start()
      await registration.withdraw()
      expect(await namedAddresses(dns)).toEqual([])
      expect(registration.isRegistered()).toBe(false)
    })

    test.each([
      ['a wrong secret', { secret: Buffer.alloc(32).toString('base64') }, /BADSIG/],
      ['a name that the key is not for', { name: 'other.paste.test' }, /REFUSED/],
      ['a name in no zone of the server', { zone: 'paste.example' }, /NOTAUTH/],
      ['a clock that is an hour off', { now: Date.now() - 3_600_000 }, /BADTIME/],
    ])('with %s says so once, and is tried again', async (_name, change, complaint) => {
      const dns = await names()
      const { registration, log } = register(dns, change)
      registration.start()
      await until(
        async () => log,
        (lines) => lines.length > 0,
      )
      expect(log.join('\n')).toMatch(complaint)
      expect(await namedAddresses(dns)).toEqual([])
    })

    test('with a server that never answers ends within seconds', async () => {
      const port = await freePort()
      const silent = createServer().listen(port, '127.0.0.1')
      onTestFinished(() => void silent.close())
      const { registration } = register({ port, key: 'k:hmac-sha256:AAAA' })
      registration.start()
      const startedAt = performance.now()
      await registration.withdraw()
      expect(performance.now() - startedAt).toBeLessThan(patiently(5_000))
    })
  })
})

async function dnsState(base: string): Promise<string | undefined> {
  const { parts } = (await (await fetch(`${base}/health/ready`)).json()) as { parts: Record<string, string> }
  return parts.dns
}
