import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OPTION_NAMES } from '../../src/paste/model/paste.ts'
import { anyText } from '../any-text.ts'
import { afterwards } from './support/afterwards.ts'
import type { Answer } from './support/answer.ts'
import { expectProblem } from './support/bad-input.ts'
import { BOUNDARY, file, form, formBody, json, raw, request } from './support/message.ts'
import { type Service, useService } from './support/service.ts'
import type { Ask } from './support/wire.ts'

const NAMES = [...OPTION_NAMES, 'content', 'url', 'customUrl', 'expiry']
const VALUES = [
  'some text',
  'public',
  'never',
  '10m',
  '2030-01-01T00:00:00Z',
  'python',
  '',
  '__proto__',
  '\0',
  '\ud800',
  60,
  0,
  -1,
  null,
]
const value = fc.oneof(fc.constantFrom(...VALUES), fc.jsonValue())
const member = fc.tuple(fc.oneof(fc.constantFrom(...NAMES), fc.string()), value)
const object = fc.array(member, { maxLength: 6 }).map((members) => JSON.stringify(Object.fromEntries(members)))
const text = anyText({ maxLength: 40 })

/**
 * Sends it: the answer is a good one, or one that blames the client: a problem document, or, where clients of other
 * pastebins ask, one line of text.
 */
async function isFair(service: Service, asking: Ask): Promise<void> {
  const answer: Answer = await service.ask(asking)
  if (answer.status < 400) return
  expect(answer.status, answer.text()).toBeLessThan(500)
  if (answer.headers['content-type']?.startsWith('text/plain')) expect(answer.text()).toMatch(/^[^\n]+\n$/)
  else if (answer.body.length > 0) expectProblem(answer, answer.json().code)
}

const check = async (service: Service, asking: fc.Arbitrary<Ask>, numRuns = 300) =>
  fc.assert(
    fc.asyncProperty(asking, (one) => isFair(service, one)),
    { numRuns },
  )

/** A request with some of its bytes replaced, left out or doubled. */
function damaged(whole: Buffer): fc.Arbitrary<Buffer> {
  const damage = fc.record({ at: fc.nat(whole.length - 1), length: fc.nat(20), by: fc.uint8Array({ maxLength: 20 }) })
  return fc
    .array(damage, { minLength: 1, maxLength: 3 })
    .map((damages) =>
      damages.reduce(
        (bytes, { at, length, by }) => Buffer.concat([bytes.subarray(0, at), by, bytes.subarray(at + length)]),
        whole,
      ),
    )
}

describe('whatever is sent, the fault is never ours', () => {
  const service = useService()

  test.for(['/api/v1/pastes', '/api/v1/links', '/api/paste', '/api/paste/expiry'])(
    'any JSON to POST %s',
    async (path) => {
      await check(
        service,
        object.map((body) => request(`POST ${path}`, { 'Content-Type': 'application/json' }, body)),
      )
    },
  )

  test('any JSON to PATCH', async () => {
    const { slug, editToken } = await service.create()
    const fields = { 'Content-Type': 'application/json', Authorization: `Bearer ${editToken}` }
    await check(
      service,
      object.map((body) => request(`PATCH /api/v1/pastes/${slug}`, fields, body)),
    )
  })

  test('any bytes as JSON', async () => {
    await check(
      service,
      fc.uint8Array({ maxLength: 50 }).map((bytes) => json(Buffer.from(bytes))),
    )
  })

  test('any options in a query', async () => {
    const query = fc.array(fc.tuple(fc.oneof(fc.constantFrom(...NAMES), text), text), { maxLength: 4 })
    await check(
      service,
      query.map((pairs) => raw('x', {}, `?${new URLSearchParams(pairs)}`)),
    )
  })

  test('any path', async () => {
    const segment = fc.oneof(
      text.map((part) => encodeURIComponent(part.toWellFormed())),
      fc.constantFrom('raw', 'api', 'v1', 'pastes', '..', '%00', '%ff'),
    )
    const path = fc.array(segment, { maxLength: 5 }).map((parts) => `/${parts.join('/')}`)
    await check(
      service,
      fc
        .tuple(fc.constantFrom('GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS'), path)
        .map(([method, at]) => request(`${method} ${at}`)),
    )
  })

  test('any value of a header that we read', async () => {
    const { slug } = await service.create()
    const visible = fc.string({
      unit: fc
        .integer({ min: 0x21, max: 0xff })
        .filter((code) => code !== 0x7f)
        .map((code) => String.fromCharCode(code)),
      minLength: 1,
      maxLength: 60,
    })
    const name = fc.constantFrom(
      'Range',
      'If-None-Match',
      'If-Range',
      'If-Modified-Since',
      'Accept',
      'Accept-Encoding',
      'X-Request-Id',
      'X-Forwarded-For',
      'Authorization',
      'Cookie',
    )
    await check(
      service,
      fc.tuple(name, visible).map(([field, given]) => request(`GET /${slug}`, { [field]: given })),
    )
    const ofCreate = fc.constantFrom(
      'Content-Type',
      'Content-Encoding',
      'Content-Digest',
      'Idempotency-Key',
      'Sec-Fetch-Site',
    )
    await check(
      service,
      fc.tuple(ofCreate, visible).map(([field, given]) => raw('x', { [field]: given })),
    )
  })

  test('any form that was damaged on its way', async () => {
    const whole = formBody([
      { name: 'title', value: 'a title' },
      { name: 'expiresIn', value: '1h' },
      file('some text'.repeat(20)),
    ])
    await check(
      service,
      damaged(whole).map((body) => form(body)),
    )
  })

  test('any name of a file', async () => {
    await check(
      service,
      text.map((name) => form([file('x', name.replaceAll(BOUNDARY, ''))])),
    )
  })
  afterwards(service)
})
