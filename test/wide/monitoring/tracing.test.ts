import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { create, logText, newSlug, send, until } from '../../blackbox/client.ts'
import { type Service, startService } from '../../blackbox/service.ts'
import { patiently } from '../../patience.ts'
import { type Collector, startCollector } from './collector.ts'
import { AT_ONCE, newTrace, spansOf, traceparent } from './traces.ts'

/** Tells on stderr of every module of OpenTelemetry that is loaded, by `import` or `require`. */
const TELLS_OF_MODULES = `--import data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module'
  registerHooks({
    load(url, context, next) {
      if (url.includes('/@opentelemetry/')) process.stderr.write('LOADED ' + url + '\\n')
      return next(url, context)
    },
  })`)}`

describe('traces', { timeout: patiently(60_000) }, () => {
  let collector: Collector
  let service: Service
  beforeAll(async () => {
    collector = await startCollector()
    service = await startService({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20secret',
      ...AT_ONCE,
      OTEL_SERVICE_NAME: 'paste-test',
      TRUSTED_PROXIES: '127.0.0.1',
    })
  })
  afterAll(async () => {
    await service.stop()
    await collector.stop()
  })

  test('a create is one tree: the request, and below it the database', async () => {
    const caller = newTrace()
    const created = await send(`${service.url}/api/v1/pastes`, {
      method: 'POST',
      headers: { ...traceparent(caller), 'x-request-id': 'an-id-of-the-caller' },
      body: 'a small paste',
    })
    expect(created.status).toBe(201)
    const [server, ...calls] = await spansOf(collector, caller.traceId)
    expect(server).toMatchObject({
      parentId: caller.parentId,
      name: 'POST /api/v1/pastes',
      service: 'paste-test',
      status: 0,
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/api/v1/pastes',
        'http.response.status_code': 201,
        'paste.request_id': 'an-id-of-the-caller',
      },
    })
    expect(calls.length).toBeGreaterThan(0)
    for (const call of calls) expect(call).toMatchObject({ parentId: server.spanId, kind: 3 })
    expect(calls.map(({ attributes }) => attributes['paste.part'])).toContain('database')
    expect(collector.headers()).toMatchObject({ 'x-key': 'a secret' })
  })

  test('a large body is read from the store within the request that asks for it, which lasts until its last byte', async () => {
    const caller = newTrace()
    const { rawUrl, slug } = await create(service.url, logText(3_000_000))
    await service.restart()
    await send(`${service.url}${new URL(rawUrl).pathname}`, { headers: traceparent(caller) })
    const [server, ...calls] = await spansOf(collector, caller.traceId)
    expect(server.name).toBe('GET /raw/:slug')
    const ofStore = calls.filter(({ attributes }) => attributes['paste.part'] === 'store')
    expect(ofStore.length).toBeGreaterThan(0)
    for (const call of calls) expect(call.parentId).toBe(server.spanId)
    expect(server.durationMs).toBeGreaterThan(Math.max(...ofStore.map(({ durationMs }) => durationMs)))
    expect(collector.bytes().includes(slug)).toBe(false)
  })

  test('neither slugs nor content nor what was asked for is in a span, also where a request fails', async () => {
    const slug = `${newSlug()}${newSlug()}`
    const secret = `secret${randomBytes(8).toString('hex')}`
    await create(service.url, `content ${secret}`, `slug=${slug}&title=${secret}&visibility=private`)
    const requests = [`/${slug}?a=${secret}`, `/raw/${slug}`, `/api/v1/pastes/${slug}`, `/${secret}`, `/x/${secret}/y`]
    const callers = requests.map(newTrace)
    for (const [index, path] of requests.entries())
      await send(service.url + path, { headers: traceparent(callers[index] ?? newTrace()) })
    await send(`${service.url}/api/v1/pastes?slug=${slug}`, { method: 'POST', body: secret })
    for (const { traceId } of callers) await spansOf(collector, traceId)
    for (const word of [slug, secret]) expect(collector.bytes().includes(word)).toBe(false)
  })

  test('what goes wrong on our side is an error, what a client did wrong is not', async () => {
    const [missing, none] = [newTrace(), newTrace()]
    await send(`${service.url}/api/v1/pastes/nothing-here`, { headers: traceparent(missing) })
    await send(`${service.url}/no/such/route`, { headers: traceparent(none) })
    const [asked] = await spansOf(collector, missing.traceId)
    expect(asked).toMatchObject({ status: 0, attributes: { 'http.response.status_code': 404 } })
    const [server] = await spansOf(collector, none.traceId)
    expect(server).toMatchObject({ name: 'GET', status: 0, attributes: { 'http.response.status_code': 404 } })
  })

  test('a client that leaves in the middle leaves a span that says so', async () => {
    const caller = newTrace()
    const { port } = new URL(service.url)
    const socket = connect(Number(port), '127.0.0.1')
    const [name, value] = Object.entries(traceparent(caller))[0] ?? []
    const head = ['POST /api/v1/pastes HTTP/1.1', 'Host: x', 'Content-Type: text/plain', 'Content-Length: 900000']
    socket.write(`${[...head, `${name}: ${value}`].join('\r\n')}\r\n\r\n${'half'.repeat(30_000)}`)
    await until(
      () => send(`${service.url}/metrics`),
      ({ bytes }) => /^paste_uploads 1$/m.test(`${bytes}`),
    )
    socket.destroy()
    const [server] = await spansOf(collector, caller.traceId)
    expect(server).toMatchObject({ name: 'POST /api/v1/pastes', attributes: { 'error.type': 'client gone' } })
  })

  test('a caller who does not want a trace gets none', async () => {
    const [unwanted, wanted] = [newTrace(), newTrace()]
    await send(`${service.url}/api/v1/limits`, { headers: traceparent(unwanted, '00') })
    await send(`${service.url}/api/v1/limits`, { headers: traceparent(wanted) })
    await spansOf(collector, wanted.traceId)
    expect(collector.spans.some(({ traceId }) => traceId === unwanted.traceId)).toBe(false)
  })

  test('an exemplar has the id of the trace', async () => {
    const caller = newTrace()
    await send(`${service.url}/api/v1/slugs/${newSlug()}`, { headers: traceparent(caller) })
    const accept = 'application/openmetrics-text;version=1.0.0'
    const { bytes } = await send(`${service.url}/metrics`, { headers: { accept } })
    expect(`${bytes}`).toMatch(new RegExp(`# \\{request_id="[^"]+",trace_id="${caller.traceId}"\\} `))
  })
})

describe.concurrent('without a collector', { timeout: patiently(60_000) }, () => {
  test('nothing of OpenTelemetry is loaded, and with one it is', async () => {
    const collector = await startCollector()
    const loaded = async (settings: Record<string, string>) => {
      const service = await startService({ NODE_OPTIONS: TELLS_OF_MODULES, ...settings })
      const { rawUrl } = await create(service.url, 'x')
      await send(rawUrl)
      await service.stop()
      return service.output().includes('LOADED ')
    }
    expect(await loaded({})).toBe(false)
    expect(await loaded({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })).toBe(true)
    await collector.stop()
  })

  test.each(['refuses', 'hangs'] as const)(
    'a collector that %s slows nobody, and does not keep the service from its end',
    async (how) => {
      const collector = await startCollector()
      collector.answer('never')
      if (how === 'refuses') await collector.stop()
      const service = await startService({
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_BSP_MAX_QUEUE_SIZE: '64',
        OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '16',
      })
      // More than the queue holds.
      for (let round = 0; round < 10; round++)
        await Promise.all(Array.from({ length: 30 }, () => send(`${service.url}/api/v1/limits`)))
      const { bytes } = await send(`${service.url}/metrics`)
      expect(Number(/paste_trace_spans_total\{fate="ended"\} (\d+)/.exec(`${bytes}`)?.[1])).toBeGreaterThanOrEqual(300)
      expect(Number(/paste_trace_spans_total\{fate="sent"\} (\d+)/.exec(`${bytes}`)?.[1])).toBe(0)
      expect(await service.kill('SIGTERM')).toBe(0)
      await service.stop()
      if (how === 'hangs') await collector.stop()
    },
  )
})

describe('a caller who is not trusted', () => {
  test('begins no trace by its own word', async () => {
    const collector = await startCollector()
    const service = await startService({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
    const caller = newTrace()
    await send(`${service.url}/api/v1/limits`, { headers: traceparent(caller) })
    await service.stop()
    expect(collector.spans.map(({ name, parentId }) => ({ name, parentId }))).toEqual([
      { name: 'GET /api/v1/limits', parentId: '' },
    ])
    expect(collector.spans[0]?.traceId).not.toBe(caller.traceId)
    await collector.stop()
  })
})
