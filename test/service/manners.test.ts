import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { beforeAll, describe, expect, test } from 'vitest'
import { expectProblem } from './support/bad-input.ts'
import { curl } from './support/curl.ts'
import { useService } from './support/service.ts'

const FIREFOX = {
  'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
}
const JAVA = 'text/html, image/gif, image/jpeg, */*; q=0.2'

describe('HTTP as the RFCs say', () => {
  const service = useService()
  let slug = ''
  let editToken = ''
  beforeAll(async () => {
    ;({ slug, editToken } = await service.create({ content: 'some text\n', slug: 'a-manner' }))
  })
  const isPage = (body: string) => body.startsWith('<!doctype html>')
  const own = () => ({ Authorization: `Bearer ${editToken}` })

  test.for([
    ['Firefox', FIREFOX, true],
    ['a browser that names its mode', { ...FIREFOX, 'User-Agent': '', 'Sec-Fetch-Mode': 'navigate' }, true],
    ['a program that takes pages only', { Accept: 'text/html' }, true],
    ['Java', { 'User-Agent': 'Java/21.0.1', Accept: JAVA }, false],
    ['wget2', { 'User-Agent': 'wget2/2.2.0', Accept: FIREFOX.Accept }, false],
    ['curl', { 'User-Agent': 'curl/8.5.0', Accept: '*/*' }, false],
  ] as const)('%s at the address of a paste', async ([, fields, page]) => {
    const [found, missing] = [
      await service.request(`GET /${slug}`, fields),
      await service.request('GET /nothing-here', fields),
    ]
    expect([isPage(found.text()), isPage(missing.text())]).toEqual([page, page])
  })

  test.for(['QUERY', 'PROPFIND', 'MKCOL', 'BREW'])('%s is 405 wherever it comes', async (method) => {
    for (const path of ['/', '/api/v1/pastes', `/raw/${slug}`, `/${slug}`, '/health/live']) {
      const answer = await service.request(`${method} ${path}`, {}, 'some body')
      expectProblem(answer, 'method_not_allowed')
      expect(answer.headers.allow).toContain('GET')
    }
  })

  test('every address that has GET has HEAD, and every one has OPTIONS', async () => {
    const paths = new Set(service.app.http.paths.filter((path) => !path.includes('*')))
    expect(paths.size).toBeGreaterThan(30)
    for (const path of paths) {
      const address = path.replace(':slug', slug).replace(/:\w+/, 'x')
      const options = await service.request(`OPTIONS ${address}`)
      expect([path, options.status]).toEqual([path, 204])
      const methods = options.headers.allow?.split(', ') ?? []
      expect([path, methods.includes('OPTIONS')]).toEqual([path, true])
      expect([path, methods.includes('HEAD')]).toEqual([path, methods.includes('GET') || path.includes(':upload')])
    }
  })

  test.for([
    '/health/live',
    '/health/ready',
    '/api/v1/limits',
    '/api/v1/pastes',
    '/api/v1/slugs/free-name',
    '/api/v1/stats',
    '/api/v1/performance/live',
    '/api/openapi.json',
    '/stats',
  ])('HEAD %s answers without a body', async (path) => {
    const answer = await service.request(`HEAD ${path}`)
    expect([answer.status, answer.body.length]).toEqual([200, 0])
  })

  test('HEAD of the call that shortens makes nothing', async () => {
    const answer = await service.request('HEAD /api/v1/shortenURL?original_url=https://example.com/')
    expect([answer.status, answer.headers['x-edit-token']]).toEqual([200, undefined])
  })

  test.for(['/a-manner/', '/raw/a-manner/', '/raw/a-manner.txt', '/download/a-manner.log', '/a-manner.py'])(
    '%s leads to the paste',
    async (path) => {
      expect((await service.request(`GET ${path}`)).text()).toBe('some text\n')
    },
  )

  test.for(['POST', 'PUT'])('a client that closes its half after a %s gets its answer', async (method) => {
    const socket = connect({ port: service.port, host: '127.0.0.1', allowHalfOpen: true })
    socket.end(`${method} / HTTP/1.1\r\nHost: paste.test\r\nContent-Length: 4\r\n\r\ntext`)
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 201 /)
  })

  test('a body that is cut off by closing is refused', async () => {
    const socket = connect({ port: service.port, host: '127.0.0.1', allowHalfOpen: true })
    socket.end('PUT / HTTP/1.1\r\nHost: paste.test\r\nContent-Length: 9\r\n\r\ntext')
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /)
  })

  test.for(['text/plain;', 'text/plain; ;charset=utf-8', 'text/plain;;'])('%j is a media type', async (type) => {
    expect((await service.request('POST /', { 'Content-Type': type }, 'x')).status).toBe(201)
  })

  test('an empty Content-Type is none', async () => {
    const sent = await curl(['-sS', '-H', 'Content-Type;', '--data-binary', '@-', `${service.url}/`], 'some text')
    expect(sent.output.toString()).toMatch(/^http/)
  })

  test('errors end with a line end', async () => {
    expect((await service.request('GET /raw/nothing-here')).text()).toMatch(/\}\n$/)
  })

  test('conditions count for every method', async () => {
    const content = `/api/v1/pastes/${slug}/content`
    const type = { 'Content-Type': 'text/plain' }
    const no = { 'If-Match': '"other"' }
    const long = { 'If-Unmodified-Since': 'Thu, 01 Jan 1970 00:00:00 GMT' }
    for (const fields of [no, long])
      for (const path of [`/raw/${slug}`, `/${slug}`, content])
        expectProblem(await service.request(`GET ${path}`, fields), 'precondition_failed')
    expectProblem(await service.request(`GET /api/v1/pastes/${slug}`, no), 'precondition_failed')
    const any = { ...own(), 'If-None-Match': '*' }
    expectProblem(await service.request(`PUT ${content}`, { ...any, ...type }, 'x'), 'precondition_failed')
    expectProblem(await service.request(`DELETE /api/v1/pastes/${slug}`, any), 'precondition_failed')
    expectProblem(await service.request('PUT /never-made', { 'If-Match': '*' }, 'x'), 'precondition_failed')
    const { etag = '' } = (await service.request(`GET /raw/${slug}`)).headers
    expect((await service.request(`GET /raw/${slug}`, { 'If-Match': etag })).status).toBe(200)
    expect(
      (await service.request(`PUT ${content}`, { ...own(), ...type, 'If-None-Match': '"other"' }, 'some text\n'))
        .status,
    ).toBe(200)
  })

  test.for(['PATCH', 'DELETE', 'PUT'])('%s with an option in the query is refused', async (method) => {
    const path = `/api/v1/pastes/${slug}${method === 'PUT' ? '/content' : ''}?visibility=private`
    const answer = await service.request(`${method} ${path}`, { ...own(), 'Content-Type': 'application/json' }, '{}')
    expectProblem(answer, 'unknown_field')
  })

  test("errors of the original's calls have its member too", async () => {
    for (const [start, body] of [
      ['GET /api/paste/content', undefined],
      ['GET /api/paste/content/nothing-here', undefined],
      ['POST /api/paste', 'x'],
    ] as const) {
      const answer = await service.request(start, {}, body)
      expect(answer.json()).toMatchObject({ error: answer.json().detail, status: answer.status })
    }
  })
})

describe('icons that browsers ask for by themselves', () => {
  const service = useService({ RATE_LIMIT_MISS: '1/minute' })

  test('are no misses', async () => {
    expect((await service.request('GET /favicon.ico')).headers['content-type']).toBe('image/svg+xml')
    for (const name of ['apple-touch-icon.png', 'apple-touch-icon-precomposed.png', 'apple-touch-icon-120x120.png'])
      expectProblem(await service.request(`GET /${name}`), 'not_found')
    expectProblem(await service.request('GET /raw/nothing-here'), 'not_found')
    expectProblem(await service.request('GET /raw/nothing-here'), 'too_many_misses')
  })
})
