import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'
import { Value } from 'typebox/value'
import { describe, expect, test } from 'vitest'
import { type Live, LiveSchema, PerformanceSchema } from '../../src/analytics/performance/schema.ts'
import { patiently } from '../patience.ts'
import { afterwards } from './support/afterwards.ts'
import { onBothLanes } from './support/lanes.ts'
import { type Service, useService } from './support/service.ts'

const TOKEN = { Authorization: 'Bearer sesame' }

/** Listens to the live stream, over a connection of its own. */
async function listen(service: Service, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const request = get({ port: service.port, path: '/api/v1/performance/live', headers, agent: false })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  response.on('error', () => {}).resume()
  return response
}

onBothLanes('recordings over REST', (service) => {
  test('are of the form that is documented', async () => {
    const answer = await service.request('GET /api/v1/performance?range=5m')
    expect(answer.status).toBe(200)
    expect(answer.headers['cache-control']).toBe('no-store')
    expect([...Value.Errors(PerformanceSchema, answer.json())]).toEqual([])
  })

  test('have the ranges that there are, and no other', async () => {
    expect((await service.request('GET /api/v1/performance')).json().range).toBe('1h')
    const answer = await service.request('GET /api/v1/performance?range=9h')
    expect(answer.status).toBe(422)
    expect(answer.json()).toMatchObject({ code: 'validation_failed', pointer: '/range' })
  })

  test('what happened is told live', { timeout: patiently(15_000) }, async () => {
    const stream = await listen(service)
    expect(stream.statusCode).toBe(200)
    expect(stream.headers['content-type']).toBe('text/event-stream; charset=utf-8')
    const { slug } = await service.create()
    for (let count = 0; count < 4; count++) await service.request(`GET /raw/${slug}`)
    let requests = 0
    let data: Live | undefined
    for await (const line of createInterface(stream)) {
      if (!line.startsWith('data: ')) continue
      data = JSON.parse(line.slice('data: '.length)) as Live
      expect([...Value.Errors(LiveSchema, data)]).toEqual([])
      // An event may be due in the middle of them.
      requests += (data.requests.perSecond ?? 0) * 5
      if (requests > 4) break
    }
    stream.destroy()
    expect(data?.requests.bytesOutPerSecond).toBeGreaterThan(100)
    expect(data?.perReplica[0]?.rssBytes).toBeGreaterThan(1e7)
  })

  afterwards(service)
})

describe('recordings where there is an admin token', () => {
  const service = useService({ ADMIN_TOKEN: 'sesame' })

  test.each(['/api/v1/performance', '/api/v1/performance/live', '/metrics'])('%s wants it', async (path) => {
    const answer = await service.request(`GET ${path}`)
    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toBe('Bearer')
    expect((await service.request(`GET ${path}`, { Authorization: 'Bearer wrong' })).status).toBe(403)
  })

  test('are given to who has it', async () => {
    expect((await service.request('GET /api/v1/performance', TOKEN)).status).toBe(200)
    const basic = `Basic ${Buffer.from('me:sesame').toString('base64')}`
    expect((await service.request('GET /api/v1/performance', { Authorization: basic })).status).toBe(200)
  })

  test('streams end when the service is told to', async () => {
    const streams = await Promise.all([listen(service, TOKEN), listen(service, TOKEN)])
    const ended = streams.map((stream) => once(stream.resume(), 'end'))
    service.app.drain()
    await Promise.all(ended)
    expect((await listen(service, TOKEN)).statusCode).toBe(503)
  })
})

describe('live figures for more listeners than there are places', () => {
  const service = useService({ TRUSTED_PROXIES: '127.0.0.1' })
  const from = (address: string) => ({ 'X-Forwarded-For': address })

  test('take the oldest place of whoever has most, so that nobody locks the operator out', async () => {
    const operator = await listen(service, from('192.0.2.1'))
    const crowd: IncomingMessage[] = []
    for (let index = 0; index < 50; index++) crowd.push(await listen(service, from('198.51.100.1')))
    await expect.poll(() => crowd.findIndex(({ complete }) => !complete)).toBe(1)
    expect([operator, ...crowd.slice(1)].some(({ complete }) => complete)).toBe(false)
    const other = await listen(service, from('192.0.2.2'))
    expect(other.statusCode).toBe(200)
    await expect.poll(() => crowd.findIndex(({ complete }) => !complete)).toBe(2)
    for (const stream of [operator, other, ...crowd]) stream.destroy()
  })
})

describe('a service that is told to record nothing', () => {
  const service = useService({ RECORDING: 'off' })

  test('shows that there is nothing, and no live figures', async () => {
    await service.create()
    expect((await service.request('GET /api/v1/performance')).json()).toMatchObject({ routes: [], replicas: [] })
    expect((await service.request('GET /api/v1/performance/live')).status).toBe(503)
  })

  test('counts requests for Prometheus all the same', async () => {
    const text = (await service.request('GET /metrics')).text()
    expect(text).toContain(
      'paste_http_request_duration_seconds_count{method="POST",route="/api/v1/pastes",status="2xx"} 1',
    )
  })
})
