import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { launchBrowser, startDns, startMariadb, startNginx, startRedis, whenService } from './index.ts'
import { accepts, firstBytes } from './probe.ts'

const ping = async (port: number) => (await firstBytes(port, 'PING\r\n')).toString()

whenService('redis', () => {
  describe('a Redis of one’s own', () => {
    test('is gone after stop', async () => {
      const redis = await startRedis()
      await redis.stop()
      await expect(ping(redis.port)).rejects.toThrow()
      expect(existsSync(`/proc/${redis.pid}`)).toBe(false)
    })

    test('comes back on the same port after a crash', async () => {
      const redis = await startRedis()
      await redis.kill()
      await expect(ping(redis.port)).rejects.toThrow('ECONNREFUSED')
      await redis.restart()
      expect(await ping(redis.port)).toBe('+PONG\r\n')
      await redis.stop()
    })

    test('is silent while paused', async () => {
      const redis = await startRedis()
      redis.pause()
      await expect(ping(redis.port)).rejects.toThrow('no answer')
      redis.resume()
      expect(await ping(redis.port)).toBe('+PONG\r\n')
      await redis.stop()
    })

    test('can be ended politely while paused', async () => {
      const redis = await startRedis()
      redis.pause()
      await redis.kill('SIGTERM')
      await redis.stop()
    })
  })
})

whenService('mariadb', () => {
  test('a server that can not start says why', async () => {
    await expect(startMariadb(['--no-such-option'])).rejects.toThrow(/mariadbd did not start.*no-such-option/s)
  })
})

whenService('nginx', () => {
  test('an nginx of one’s own forwards requests, takes up a new configuration, and is gone after stop', async () => {
    const backend = createServer((_request, response) => response.end('from behind')).listen(0, '127.0.0.1')
    await once(backend, 'listening')
    const { port: backendPort } = backend.address() as AddressInfo
    const nginx = await startNginx(
      ({ port }) => `server { listen 127.0.0.1:${port}; location / { proxy_pass http://127.0.0.1:${backendPort}; } }`,
    )
    expect(await (await fetch(nginx.url)).text()).toBe('from behind')
    nginx.reload(({ port }) => `server { listen 127.0.0.1:${port}; return 204; }`)
    await expect.poll(async () => (await fetch(nginx.url)).status).toBe(204)
    await nginx.stop()
    await expect(accepts(nginx.port)).rejects.toThrow('ECONNREFUSED')
    backend.close()
  })
})

whenService('dns', () => {
  test('a DNS server of one’s own answers for its zone and follows updates', async () => {
    const dns = await startDns('svc.test', ['app A 127.0.0.11', 'app A 127.0.0.12'])
    expect((await dns.resolver.resolve4('app.svc.test')).sort()).toEqual(['127.0.0.11', '127.0.0.12'])
    await dns.update(['delete app.svc.test A 127.0.0.11', 'add app.svc.test 1 A 127.0.0.13'])
    expect((await dns.resolver.resolve4('app.svc.test')).sort()).toEqual(['127.0.0.12', '127.0.0.13'])
    await dns.stop()
  })
})

whenService('chromium', () => {
  test('a browser shows a page', async () => {
    const browser = await launchBrowser()
    const page = await browser.newPage()
    await page.setContent('<h1>hello</h1>')
    expect(await page.textContent('h1')).toBe('hello')
    await browser.close()
  })
})
