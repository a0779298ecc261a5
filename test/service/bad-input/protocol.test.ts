import { describe, expect, test } from 'vitest'
import { afterwards } from '../support/afterwards.ts'
import { accepted, type BadInput, badInput, refused } from '../support/bad-input.ts'
import { onEmbedded } from '../support/lanes.ts'
import { json, paste, request } from '../support/message.ts'
import { type Service, useService } from '../support/service.ts'

const bytes = (text: string) => ({ bytes: Buffer.from(text, 'latin1') })
const head = (...lines: string[]) => bytes(`${['GET / HTTP/1.1', 'Host: x', ...lines].join('\r\n')}\r\n\r\n`)
const link = (url: string) =>
  request('POST /api/v1/links', { 'Content-Type': 'application/json' }, JSON.stringify({ url }))
const allows =
  (...methods: string[]): BadInput['check'] =>
  (answer) =>
    expect(answer.headers.allow?.split(', ').toSorted()).toEqual(methods.toSorted())
const ours: BadInput['check'] = (answer, service) => expect(answer.json().url.startsWith(`${service.url}/`)).toBe(true)

const FORBIDDEN = [
  'javascript:alert(1)',
  'data:text/html,x',
  'file:///etc/passwd',
  'ftp://example.com/',
  'http://localhost/',
  'http://a.localhost/',
  'http://127.0.0.1/',
  'http://2130706433/',
  'http://0x7f.1/',
  'http://0/',
  'http://10.0.0.1/',
  'http://172.16.0.1/',
  'http://192.168.1.1/',
  'http://169.254.169.254/latest/meta-data/',
  'http://100.64.0.1/',
  'http://[::1]/',
  'http://[::]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[fd00::1]/',
  'http://[fe80::1]/',
  'http://127.0.0.1./',
  'https://user:password@example.com/',
]

const lines: BadInput[] = [
  refused(
    116,
    'GET on a call that only POST has',
    request('GET /api/v1/links'),
    405,
    'method_not_allowed',
    allows('POST'),
  ),
  refused(
    120,
    'a form of another site with a cookie',
    request('POST /', { 'Sec-Fetch-Site': 'cross-site', Cookie: 'a=b' }, 'x'),
    403,
    'csrf',
  ),
  refused(
    120,
    'JSON sent as text/plain to a JSON call',
    request('POST /api/v1/links', { 'Content-Type': 'text/plain' }, '{"url":"https://example.com"}'),
    415,
    'unsupported_media_type',
  ),
  refused(
    121,
    'DELETE on the form',
    request('DELETE /'),
    405,
    'method_not_allowed',
    allows('GET', 'HEAD', 'POST', 'PUT'),
  ),
  refused(
    121,
    'POST on a paste',
    request('POST /abcdef'),
    405,
    'method_not_allowed',
    allows('GET', 'HEAD', 'PUT', 'DELETE'),
  ),
  refused(
    121,
    'PUT on a call',
    request('PUT /api/v1/pastes'),
    405,
    'method_not_allowed',
    allows('GET', 'HEAD', 'POST'),
  ),
  refused(121, 'POST on bytes', request('POST /raw/abcdef'), 405, 'method_not_allowed', allows('GET', 'HEAD')),
  refused(121, 'TRACE', request('TRACE /'), 405, 'method_not_allowed'),
  refused(121, 'a verb of its own', request('BREW /'), 405, 'method_not_allowed'),
  refused(122, 'two Host fields', request('GET /', { Host: ['a', 'b'] }), 400, 'duplicate_header'),
  refused(122, 'no Host', request('GET /', { Host: '' }), 400, 'bad_request'),
  accepted(122, 'a Host of somebody else', paste({}, { Host: 'evil.example' }), 'some text', ours),
  accepted(
    123,
    'X-Forwarded-Host and -Proto',
    paste({}, { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https' }),
    'some text',
    ours,
  ),
  refused(124, 'a folded header', head('A: b', ' c'), 400, 'bad_request'),
  refused(124, 'a line feed alone', bytes('GET / HTTP/1.1\nHost: x\n\n'), 400, 'bad_request'),
  refused(124, 'NUL in a header', head('A: b\0c'), 400, 'bad_request'),
  refused(124, 'a header without a name', head(': x'), 400, 'bad_request'),
  refused(124, 'a space before the colon', head('A : x'), 400, 'bad_request'),
  refused(124, 'bytes that are no HTTP', bytes('\x16\x03\x01\x02\x00\x01\x00'), 400, 'bad_request'),
  refused(124, 'HTTP/3.0', bytes('GET / HTTP/3.0\r\nHost: x\r\n\r\n'), 400, 'bad_request'),
  refused(125, 'a URL of 17 KiB', request(`GET /${'x'.repeat(17 * 1_024)}`), 431, 'headers_too_large'),
  refused(125, 'headers of 17 KiB', head(`A: ${'x'.repeat(17 * 1_024)}`), 431, 'headers_too_large'),
  refused(125, '3,000 headers', head(...Array.from({ length: 3_000 }, () => 'A: bcd')), 431, 'headers_too_large'),
  accepted(127, 'X-HTTP-Method-Override', paste({}, { 'X-HTTP-Method-Override': 'DELETE' })),
  ...FORBIDDEN.map((url) => refused(129, `a link to ${url}`, link(url), 422, 'forbidden_target')),
  ...['', 'nothing', '//example.com', `https://example.com/${'x'.repeat(2_048)}`].map((url) =>
    refused(129, `a link to "${url.slice(0, 30)}"`, link(url), 422, 'invalid_original_url'),
  ),
  refused(130, 'an escaped line break in a title', json('{"content":"x","title":"a\\r\\nb"}'), 422, 'invalid_title'),
  refused(
    130,
    'a line break in the request id',
    request('GET /raw/nowhere', { 'X-Request-Id': 'abcdefgh%0d%0a' }),
    404,
    'not_found',
    (answer) => expect(answer.json().requestId).not.toContain('%'),
  ),
]

onEmbedded('bad input: the protocol', (service) => {
  badInput(service, lines)

  test('a HEAD of an unknown slug has the head of a refusal and no body', async () => {
    const answer = await service.request('HEAD /raw/nowhere')
    expect(answer.status).toBe(404)
    expect(Number(answer.headers['content-length'])).toBeGreaterThan(0)
  })
  afterwards(service)
})

describe('bad input: too many', () => {
  const service = useService({ RATE_LIMIT_CREATE: '5/minute', RATE_LIMIT_MISS: '100/minute' })
  const spoofed = (index: number) => ({ 'X-Forwarded-For': `10.1.2.${index}`, Forwarded: `for=10.1.2.${index}` })

  test('line 82: the 101st unknown slug within a minute gets 429, whatever address the client claims', async () => {
    const ask = (service: Service, index: number) => service.request(`GET /raw/unknown${index}`, spoofed(index))
    for (let index = 0; index < 100; index++) expect((await ask(service, index)).status).toBe(404)
    const answer = await ask(service, 100)
    expect([answer.status, answer.json().code]).toEqual([429, 'too_many_misses'])
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
  })

  test('line 128: a create over the rate gets 429 and is told when to come back', async () => {
    const statuses = []
    for (let index = 0; index < 5; index++) statuses.push((await service.ask(paste({}, spoofed(index)))).status)
    expect(statuses).toEqual([201, 201, 201, 201, 201])
    const answer = await service.ask(paste({}, spoofed(6)))
    expect([answer.status, answer.json().code]).toEqual([429, 'rate_limited'])
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    expect(answer.headers.ratelimit).toMatch(/^"create";r=0;t=\d+$/)
  })

  test('line 128: after the time that it is told, it is taken again', async () => {
    const { headers } = await service.ask(paste({}))
    service.clock.advance(Number(headers['retry-after']) * 1_000)
    expect((await service.ask(paste({}))).status).toBe(201)
  })
})
