import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { afterwards } from './support/afterwards.ts'
import { parseAnswer } from './support/answer.ts'
import { expectProblem } from './support/bad-input.ts'
import { curl } from './support/curl.ts'
import { chunked, file, form, formBody, raw, request } from './support/message.ts'
import { useService } from './support/service.ts'

const MIB = 1024 * 1024
const tooMuch = Buffer.alloc(60 * MIB, 'x')

describe('the limit of 50 MiB', () => {
  const service = useService()

  test.for([
    { what: 'a declared length', asking: () => raw(tooMuch) },
    { what: 'chunks', asking: () => raw(chunked(tooMuch), { 'Transfer-Encoding': 'chunked' }) },
    { what: 'a form', asking: () => form(formBody([file(tooMuch)])) },
    {
      what: 'a form in chunks',
      asking: () => form(chunked(formBody([file(tooMuch)])), { 'Transfer-Encoding': 'chunked' }),
    },
    { what: 'JSON', asking: () => request('POST /api/v1/pastes', { 'Content-Type': 'application/json' }, tooMuch) },
  ])('a client that sends 60 MiB at full speed reads its 413: $what', async ({ asking }) => {
    const answer = await service.ask(asking())
    expectProblem(answer, 'payload_too_large')
    expect(answer.headers.connection).toBe('close')
  })

  test.for(['-T-', '--data-binary @-'])('curl %s of 60 MiB reads its 413', async (form) => {
    const { output } = await curl(['-w', '%{http_code}', ...form.split(' '), `${service.url}/`], tooMuch)
    expect(output.toString().slice(-3)).toBe('413')
  })

  test('GET /api/v1/limits tells it', async () => {
    expect((await service.request('GET /api/v1/limits')).json()).toMatchObject({
      maxPasteBytes: 50 * MIB,
      maxJsonBytes: 4 * MIB,
      expiry: { defaultSeconds: 30 * 86_400, minSeconds: 10, maxSeconds: null },
      slug: { minLength: 3, maxLength: 64 },
      rates: { create: null, miss: null },
    })
  })
  afterwards(service)
})

describe('what an operator sets', () => {
  const service = useService({
    MAX_PASTE_BYTES: '1000',
    MIN_EXPIRY: '1m',
    MAX_EXPIRY: '1d',
    DEFAULT_EXPIRY: '1h',
    MAX_UPLOADS: '1',
  })

  test('GET /api/v1/limits tells it', async () => {
    expect((await service.request('GET /api/v1/limits')).json()).toMatchObject({
      maxPasteBytes: 1_000,
      expiry: { defaultSeconds: 3_600, minSeconds: 60, maxSeconds: 86_400 },
    })
  })

  test('is the limit', async () => {
    expect((await service.ask(raw('x'.repeat(1_000)))).status).toBe(201)
    for (const asking of [raw('x'.repeat(1_001)), form([file('x'.repeat(1_001))])])
      expectProblem(await service.ask(asking), 'payload_too_large')
    expectProblem(await service.ask(raw('x', {}, '?expiresIn=59')), 'invalid_expiry')
    expectProblem(await service.ask(raw('x', {}, '?expiresIn=25h')), 'invalid_expiry')
  })
})

describe('uploads at once', () => {
  const service = useService({ MAX_UPLOADS: '1' })

  test('one more than there are places for gets 503 and when to come back', async () => {
    const { bytes } = raw(Buffer.alloc(MIB, 'x'))
    const first = connect(service.port, '127.0.0.1')
    first.write(bytes.subarray(0, -1))
    const uploading = () =>
      service.app.backends.database.db.selectFrom('pastes').select('slug').where('state', '=', 'uploading').execute()
    await expect.poll(uploading).toHaveLength(1)
    const answer = await service.ask(raw(Buffer.alloc(MIB, 'x')))
    expectProblem(answer, 'upload_capacity')
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    expect((await service.ask(raw('a small one'))).status).toBe(201)
    const finished = new Promise<Buffer>((resolve) => first.once('data', resolve))
    first.write(bytes.subarray(-1))
    expect(parseAnswer(await finished)).toMatchObject({ status: 201 })
    first.destroy()
  })
})

describe('Expect: 100-continue', () => {
  const service = useService()

  test('is answered by 100 when the body is wanted', async () => {
    const answer = await service.ask(raw('some text', { Expect: '100-continue' }))
    expect([answer.interim, answer.status]).toEqual([[100], 201])
  })

  test('of a form is answered by 100', async () => {
    expect((await service.ask(form([file()], { Expect: '100-continue' }))).interim).toEqual([100])
  })

  test('of an edit without token is answered by the refusal alone', async () => {
    const { slug } = await service.create()
    const asking = request(`PUT /api/v1/pastes/${slug}/content`, { Expect: '100-continue', 'Content-Length': '10' }, '')
    const answer = await service.ask(asking)
    expect([answer.interim, answer.status]).toEqual([[], 401])
  })

  test('of an unknown path is answered by the refusal alone', async () => {
    const answer = await service.ask(request('POST /no/such', { Expect: '100-continue', 'Content-Length': '10' }, ''))
    expect([answer.interim, answer.status]).toEqual([[], 404])
  })
})
