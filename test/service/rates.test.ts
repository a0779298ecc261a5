import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import type { Answer } from './support/answer.ts'
import { expectProblem } from './support/bad-input.ts'
import { chunked, file, form, formBody, json, paste, raw, request } from './support/message.ts'
import { useService } from './support/service.ts'
import { ask } from './support/wire.ts'

const MIB = 1024 * 1024
/** A list of items with integer and string parameters (RFC 9651). */
const ITEMS = /^"[a-z-]+"(;[a-z]+=(\d+|"[a-z-]+"))+(, "[a-z-]+"(;[a-z]+=(\d+|"[a-z-]+"))+)*$/

/** What is left under each limit that the answer names. */
function left(answer: Answer): Record<string, number> {
  expect(answer.headers.ratelimit).toMatch(ITEMS)
  const items = [...(answer.headers.ratelimit ?? '').matchAll(/"([a-z-]+)";r=(\d+);t=\d+/g)]
  return Object.fromEntries(items.map(([, name = '', remaining]) => [name, Number(remaining)]))
}

describe('an answer for which a limit was counted', () => {
  const service = useService({
    RATE_LIMIT_CREATE: '10/minute',
    RATE_LIMIT_UPLOAD: '1MiB/hour',
    RATE_LIMIT_READ: '100/minute',
    RATE_LIMIT_MISS: '2/minute',
  })

  test('of a create names both of its limits and what is left of them', async () => {
    const answer = await service.ask(raw('x'.repeat(1_000)))
    expect(answer.status).toBe(201)
    expect(answer.headers['ratelimit-policy']).toBe('"create";q=10;w=60, "upload";q=1048576;w=3600;qu="content-bytes"')
    expect(left(answer)).toEqual({ create: 9, upload: MIB - 1_000 })
  })

  test('of a refusal names them too', async () => {
    const answer = await service.ask(paste({ expiresIn: 'soon' }))
    expect(answer.status).toBe(422)
    expect(left(answer).create).toBe(8)
  })

  test('of a read names it, on every way to the content', async () => {
    const { slug } = await service.create()
    const etag = (await service.request(`GET /raw/${slug}`)).headers.etag ?? ''
    const answers = [
      await service.request(`GET /raw/${slug}`),
      await service.request(`GET /raw/${slug}`, { 'If-None-Match': etag }),
      await service.request(`HEAD /raw/${slug}`),
      await service.request(`GET /${slug}`, { Accept: 'text/html' }),
      await service.request(`GET /${slug}`, { Accept: 'text/html' }),
      await service.request(`GET /api/v1/pastes/${slug}`),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 304, 200, 200, 200, 200])
    const remaining = answers.map((answer) => left(answer).read ?? 0)
    expect(remaining).toEqual(remaining.map((_, index) => (remaining[0] ?? 0) - index))
  })

  test('of a miss names it, until there are none left', async () => {
    const misses = []
    for (let index = 0; index < 3; index++) misses.push(await service.request(`GET /raw/unknown${index}`))
    expect(misses.map(({ status }) => status)).toEqual([404, 404, 429])
    expect(misses.map((answer) => left(answer).miss)).toEqual([1, 0, 0])
  })

  test('can be read by pages of other sites', async () => {
    const answer = await service.ask(paste({}))
    expect(answer.headers['access-control-expose-headers']).toContain('RateLimit, RateLimit-Policy')
  })

  test('GET /api/v1/limits tells them', async () => {
    expect((await service.request('GET /api/v1/limits')).json().rates).toEqual({
      create: { count: 10, windowSeconds: 60 },
      upload: { bytes: MIB, windowSeconds: 3_600 },
      read: { count: 100, windowSeconds: 60 },
      miss: { count: 2, windowSeconds: 60 },
    })
  })
})

describe('where reading has no limit', () => {
  const service = useService({ RATE_LIMIT_CREATE: '100/minute' })

  test('a read says nothing of limits', async () => {
    const { slug } = await service.create()
    const { headers } = await service.request(`GET /raw/${slug}`)
    expect([headers.ratelimit, headers['ratelimit-policy']]).toEqual([undefined, undefined])
  })
})

describe('bytes uploaded', () => {
  const service = useService({ RATE_LIMIT_UPLOAD: '3MiB/hour' })
  const startAfresh = () => service.clock.advance(2 * 3_600_000)
  const chunks = { 'Transfer-Encoding': 'chunked' }
  const half = 'x'.repeat(MIB / 2)

  test('declared over what is left get 429 before the body is read', async () => {
    startAfresh()
    const asking = { 'Content-Length': `${4 * MIB}`, Expect: '100-continue' }
    const answer = await service.ask(request('POST /', asking, ''))
    expectProblem(answer, 'rate_limited')
    expect(answer.interim).toEqual([])
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    expect(left(answer)).toEqual({ upload: 3 * MIB })
  })

  const aForm = formBody([file(half)])
  const aJson = JSON.stringify({ content: half })
  test.for([
    { what: 'raw bytes', asking: raw(half), bytes: half.length },
    { what: 'raw chunks', asking: raw(chunked(half), chunks), bytes: half.length },
    { what: 'a form', asking: form(aForm), bytes: aForm.length },
    { what: 'a form in chunks', asking: form(chunked(aForm), chunks), bytes: aForm.length },
    { what: 'JSON', asking: json(aJson), bytes: aJson.length },
    { what: 'JSON in chunks', asking: json(chunked(aJson), chunks), bytes: aJson.length },
    { what: 'the form without scripts', asking: urlencoded(`content=${half}`), bytes: half.length + 8 },
  ])('are counted one by one: $what', async ({ asking, bytes }) => {
    startAfresh()
    expect((await ask(service.port, asking)).status).toBe(201)
    // What was taken in advance for a body of unknown length is given back when its answer is out.
    let probes = 0
    const remaining = async () => (left(await service.ask(raw('x'))).upload ?? 0) + ++probes
    await expect.poll(remaining).toBe(3 * MIB - bytes)
  })

  test.for([
    { what: 'chunks', asking: (body: string) => raw(chunked(body), chunks) },
    { what: 'a form in chunks', asking: (body: string) => form(chunked(formBody([file(body)])), chunks) },
  ])('of unknown length are cut off by 429 where the limit is: $what', async ({ asking }) => {
    startAfresh()
    const answer = await service.ask(asking('x'.repeat(5 * MIB)))
    expectProblem(answer, 'rate_limited')
  })

  test('that were declared and never came are given back', async () => {
    startAfresh()
    const { bytes } = raw(Buffer.alloc(2.5 * MIB, 'x'))
    const socket = connect(service.port, '127.0.0.1')
    socket.write(bytes.subarray(0, 100_000))
    const remaining = async () => left(await service.ask(raw('x'))).upload ?? 0
    await expect.poll(remaining).toBeLessThan(MIB)
    socket.destroy()
    await expect.poll(remaining).toBeGreaterThan(2.8 * MIB)
  })

  test('are free again after their window', async () => {
    startAfresh()
    expect((await service.ask(raw(Buffer.alloc(3 * MIB, 'x')))).status).toBe(201)
    expectProblem(await service.ask(raw('x')), 'rate_limited')
    startAfresh()
    expect((await service.ask(raw('x'))).status).toBe(201)
  })
})

describe('edits', () => {
  const service = useService({ RATE_LIMIT_CREATE: '3/minute', TRUSTED_PROXIES: '127.0.0.1' })
  const edit = (token: string, address: string) =>
    service.request('DELETE /api/v1/pastes/nothing', { Authorization: `Bearer ${token}`, 'X-Forwarded-For': address })
  const invented = (index: number) => `${index}`.padStart(42, 'x').concat('A')

  test('with an invented token each are counted by address all the same', async () => {
    const statuses = []
    for (let index = 0; index < 4; index++) statuses.push((await edit(invented(index), '192.0.2.1')).status)
    expect(statuses).toEqual([404, 404, 404, 429])
  })

  test('from one address are one client, whatever ports a gateway writes', async () => {
    const statuses = []
    for (let index = 0; index < 4; index++)
      statuses.push((await edit(invented(50 + index), `198.51.100.77:${50_000 + index}`)).status)
    expect(statuses).toEqual([404, 404, 404, 429])
  })

  test('with one token from many addresses are counted by token', async () => {
    const answers = []
    for (let index = 0; index < 4; index++) answers.push(await edit(invented(99), `198.51.100.${index}`))
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 429])
    expect(left(answers[3] as Answer)).toEqual({ create: 2, 'edit-token': 0 })
  })
})

function urlencoded(body: string) {
  return request('POST /form', { 'Content-Type': 'application/x-www-form-urlencoded' }, body)
}
