import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import { codeOf, json, type Problem, send } from '../blackbox/client.ts'
import { freePort, startNginx, whenService } from '../services/index.ts'
import { frontBlock } from './front.ts'
import { startFront, startStub } from './stubs.ts'

const BROWSER = 'text/html,application/xhtml+xml,*/*;q=0.8'

whenService('nginx', () => {
  describe('nginx before the replicas', () => {
    test('tells them the address of the client, not what the client claims', async () => {
      const stub = await startStub((_request, response) => response.end())
      const { url } = await startFront([stub.address])
      const headers = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https', forwarded: 'for=203.0.113.9' }
      await send(url, { headers })
      expect(stub.requests[0]?.headers).toMatchObject({ 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http' })
      expect(stub.requests[0]?.headers).not.toHaveProperty('forwarded')
      expect(stub.requests[0]?.headers.host).toBe(new URL(url).host)
    })

    test('passes a request id on, and makes one where it is missing or harmful', async () => {
      const stub = await startStub((_request, response) => response.end())
      const { url } = await startFront([stub.address])
      for (const given of ['trace-0001.a_b', 'a b', 'x'.repeat(65)])
        await send(url, { headers: { 'x-request-id': given } })
      await send(url)
      const [kept, ...made] = stub.requests.map(({ headers }) => headers['x-request-id'])
      expect(kept).toBe('trace-0001.a_b')
      expect(made).toHaveLength(3)
      for (const id of made) expect(id).toMatch(/^[0-9a-f]{32}$/)
      expect(new Set(made).size).toBe(3)
    })

    test('passes the address on as it was sent', async () => {
      const stub = await startStub((_request, response) => response.end())
      const { url } = await startFront([stub.address])
      const target = '/raw//a%2Fb?x=%20&y=1'
      await send(`${url}${target}`)
      expect(stub.requests[0]?.url).toBe(target)
    })

    test('keeps its connections to them open', async () => {
      const stub = await startStub((_request, response) => response.end())
      const { url } = await startFront([stub.address])
      for (let count = 0; count < 5; count++) await send(url)
      expect(new Set(stub.requests.map(({ socket }) => socket)).size).toBe(1)
    })

    test('hands an upload on before it is complete', async () => {
      const stub = await startStub((request, response) => request.once('data', () => response.end('seen')))
      const { url } = await startFront([stub.address])
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
      const writer = writable.getWriter()
      void writer.write(Buffer.alloc(100_000)).catch(() => {})
      const init = { method: 'POST', body: readable, duplex: 'half' } as RequestInit
      const answer = await fetch(url, init)
      expect(await answer.text()).toBe('seen')
      await writer.abort().catch(() => {})
    })

    test('with least_conn asks the one that has the least to do', async () => {
      const busy = await startStub((_request, response) => void response.write('…'))
      const idle = await startStub((_request, response) => response.end('idle'))
      const nginx = await startNginx(frontBlock([busy.address, idle.address], { leastConnections: true }))
      onTestFinished(() => nginx.stop())
      const waiting = new AbortController()
      // Not waited for: nginx may keep the beginning of an answer back until more of it comes.
      const open = () => {
        fetch(nginx.url, { signal: waiting.signal }).catch(() => {})
        return busy.requests.length
      }
      await expect.poll(open).toBeGreaterThan(0)
      for (let count = 0; count < 10; count++) expect((await send(nginx.url)).bytes.toString()).toBe('idle')
      waiting.abort()
    })

    test('asks another one when one breaks off, for a GET', async () => {
      const broken = await startStub((request) => request.socket.destroy())
      const sound = await startStub((_request, response) => response.end('sound'))
      const { url } = await startFront([broken.address, sound.address, `127.0.0.1:${await freePort()}`])
      for (let count = 0; count < 6; count++) expect((await send(url)).bytes.toString()).toBe('sound')
      expect(broken.requests.length).toBeGreaterThan(0)
    })

    test('asks them again at once when all had failed', async () => {
      let broken = true
      const answer = (request: IncomingMessage, response: ServerResponse) =>
        broken ? request.socket.destroy() : response.end('sound')
      const stubs = [await startStub(answer), await startStub(answer)]
      const { url } = await startFront(stubs.map(({ address }) => address))
      for (let count = 0; count < 6; count++) expect((await send(url)).status).toBe(502)
      broken = false
      for (let count = 0; count < 6; count++) expect((await send(url)).bytes.toString()).toBe('sound')
    })

    test.each(['POST', 'PATCH'])('never sends a %s with a body twice', async (method) => {
      const stubs = await Promise.all(
        [0, 1, 2].map(() => startStub((request) => request.once('data', () => request.socket.destroy()))),
      )
      const { url } = await startFront(stubs.map(({ address }) => address))
      const answer = await send(url, { method, body: 'once' })
      expect([answer.status, codeOf(answer)]).toEqual([502, 'overloaded'])
      expect(stubs.flatMap(({ requests }) => requests)).toHaveLength(1)
    })

    test.each([
      ['PUT', '/api/v1/pastes/name/content', {}],
      ['DELETE', '/api/v1/pastes/name', {}],
      ['POST', '/api/v1/pastes', {}],
      ['POST', '/api/v1/pastes/name/claim', { 'idempotency-key': 'one' }],
    ])('never sends %s %s twice, and says that it may have been done', async (method, path, headers) => {
      const stubs = await Promise.all([0, 1, 2].map(() => startStub((request) => request.socket.destroy())))
      const { url } = await startFront(stubs.map(({ address }) => address))
      const answer = await send(url + path, { method, headers })
      expect([answer.status, codeOf(answer)]).toEqual([502, 'overloaded'])
      expect(json<Problem>(answer).detail).toContain('may have been done')
      expect(stubs.flatMap(({ requests }) => requests)).toHaveLength(1)
    })

    test('asks another one when one breaks off, for a create with an Idempotency-Key', async () => {
      const broken = await startStub((request) => request.socket.destroy())
      const sound = await startStub((_request, response) => response.end('sound'))
      const { url } = await startFront([broken.address, sound.address])
      const key = { method: 'POST', headers: { 'idempotency-key': 'one' } }
      for (const path of ['/api/v1/pastes', '/', '/api/v1/links?title=x'])
        expect((await send(url + path, key)).bytes.toString()).toBe('sound')
      expect(broken.requests.length).toBeGreaterThan(0)
    })

    test('an answer of the service passes as it is', async () => {
      const stub = await startStub((_request, response) => {
        response
          .writeHead(413, { 'content-type': 'application/problem+json' })
          .end('{"code":"payload_too_large","own":1}')
      })
      const { url } = await startFront([stub.address])
      const answer = await send(url, { headers: { accept: BROWSER } })
      expect([answer.status, answer.bytes.toString()]).toEqual([413, '{"code":"payload_too_large","own":1}'])
    })
  })

  describe('what nginx answers itself', () => {
    const nobody = async () => startFront([`127.0.0.1:${await freePort()}`])

    test('is a problem document, with the request id and when to come again', async () => {
      const { url } = await nobody()
      const answer = await send(`${url}/raw/name`, { headers: { 'x-request-id': 'trace-0001' } })
      expect(answer.status).toBe(502)
      expect(answer.headers.get('retry-after')).toBe('2')
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect(answer.headers.get('x-request-id')).toBe('trace-0001')
      expect(codeOf(answer)).toBe('overloaded')
      expect(json<Problem>(answer)).toMatchObject({ status: 502, requestId: 'trace-0001' })
    })

    test('is a page for a browser, but never under /api/', async () => {
      const { url } = await nobody()
      const page = await send(`${url}/name`, { headers: { accept: BROWSER } })
      expect([page.status, page.headers.get('content-type')]).toEqual([502, 'text/html; charset=utf-8'])
      expect(page.bytes.toString()).toMatch(/<h1>No server could be reached<\/h1>.*Wait a moment/)
      expect(codeOf(await send(`${url}/api/v1/pastes/name`, { headers: { accept: BROWSER } }))).toBe('overloaded')
    })

    test('to a body that is too large is 413, before it is sent or while it is', async () => {
      const stub = await startStub((request, response) => request.resume().once('end', () => response.end()))
      const { url } = await startFront([stub.address])
      const body = Buffer.alloc(52 * 1024 * 1024)
      const declared = await send(`${url}/api/v1/pastes`, { method: 'POST', body })
      expect([declared.status, codeOf(declared)]).toEqual([413, 'payload_too_large'])
      expect(declared.headers.get('retry-after')).toBeNull()
      const init = { method: 'POST', body: new Blob([body]).stream(), duplex: 'half' } as RequestInit
      const chunked = await send(`${url}/api/v1/pastes`, init)
      expect([chunked.status, codeOf(chunked)]).toEqual([413, 'payload_too_large'])
    })

    test('to headers that are too large, and to what is no request, is a problem document too', async () => {
      const { url } = await nobody()
      const large = await send(url, { headers: { 'x-large': 'x'.repeat(9_000) } })
      expect([large.status, codeOf(large)]).toEqual([431, 'headers_too_large'])
      const internal = await nobody()
      const hidden = await send(`${internal.url}/.paste-error/json`)
      expect([hidden.status, codeOf(hidden)]).toEqual([404, 'not_found'])
    })
  })
})
