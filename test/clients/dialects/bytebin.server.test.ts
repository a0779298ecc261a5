import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { onBothLanes } from '../../service/support/lanes.ts'
import { expectGone } from './expect.ts'

const JAVA = { 'User-Agent': 'spark-plugin', Accept: 'text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2' }

onBothLanes('bytebin', (service) => {
  const post = (fields: Record<string, string>, body: string | Buffer) =>
    service.request('POST /post', { ...JAVA, ...fields }, body)

  test('spark posts gzip under a type of its own, finds a bare key in Location, and reads the type back', async () => {
    const profile = Buffer.from([0x0a, 0xff, 0x00, 0x80, 0x0a])
    const fields = { 'Content-Type': 'application/x-spark-sampler', 'Content-Encoding': 'gzip' }
    const answer = await post(fields, gzipSync(profile))
    const key = answer.headers.location
    expect(answer.status).toBe(201)
    expect(answer.json()).toEqual({ key })
    expect(key).toMatch(/^\w+$/)
    expect(answer.headers['access-control-allow-origin']).toBe('*')
    const read = await service.request(`GET /${key}`, JAVA)
    expect(read.body.equals(profile)).toBe(true)
    expect(read.headers['content-type']).toBe('application/x-spark-sampler')
    expect(read.headers['access-control-allow-origin']).toBe('*')
  })

  test('a large content keeps its type too', async () => {
    const body = Buffer.alloc(3 * 1024 * 1024, 'a line of a heap dump\n')
    const answer = await post({ 'Content-Type': 'application/x-spark-heap' }, body)
    const read = await service.request(`HEAD /${answer.json().key}`, JAVA)
    expect(read.headers).toMatchObject({
      'content-type': 'application/x-spark-heap',
      'content-length': `${body.length}`,
    })
  })

  test("pastes.dev's type is the language", async () => {
    const { key } = (await post({ 'Content-Type': 'text/python' }, 'print(1)\n')).json()
    expect((await service.request(`GET /api/v1/pastes/${key}`)).json().language).toBe('python')
    expect((await service.request(`GET /${key}`, JAVA)).headers['content-type']).toBe('text/python')
  })

  test.for([
    'text/html',
    'TEXT/HTML; charset=utf-8',
    'application/xhtml+xml',
    'image/svg+xml',
    'text/javascript',
    'text/css',
    'application/pdf',
    'multipart/x-mixed-replace',
    'text/plain; a="b"',
  ])('content that says it is %s is served as plain text', async (type) => {
    const { key } = (await post({ 'Content-Type': type }, '<script>alert(1)</script>')).json()
    expect((await service.request(`GET /${key}`, JAVA)).headers['content-type']).toBe('text/plain; charset=utf-8')
  })

  test('PUT /post, as curl -T, answers the address', async () => {
    const answer = await service.request('PUT /post', {}, 'x')
    expect(answer.text()).toBe(`${answer.headers.location}\n`)
    expect(answer.text()).toMatch(/^http:\/\/.+\/\w+\n$/)
  })

  test('the modification key changes it, once asked for', async () => {
    expect((await post({}, 'x')).headers).not.toHaveProperty('modification-key')
    const answer = await post({ 'Allow-Modification': 'true', 'Content-Type': 'application/json' }, '{}')
    const { key } = answer.json()
    const put = (token: string) =>
      service.request(
        `PUT /${key}`,
        { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
        gzipSync('{"a":1}'),
      )
    const wrong = await put('wrong')
    expect([wrong.status, wrong.text()]).toEqual([403, 'Incorrect modification key'])
    const right = await put(answer.headers['modification-key'] ?? '')
    expect([right.status, right.text()]).toEqual([200, ''])
    const read = await service.request(`GET /${key}`)
    expect([read.headers['content-type'], read.text()]).toEqual(['application/json', '{"a":1}'])
  })

  test('a PUT of a free name makes a paste, whatever its Authorization says', async () => {
    const answer = await service.request('PUT /free-for-bytebin', { Authorization: 'Bearer any' }, 'x')
    expect(answer.status).toBe(201)
    const Authorization = `Bearer ${answer.headers['x-edit-token']}`
    await service.request('DELETE /api/v1/pastes/free-for-bytebin', { Authorization })
    await expectGone(service, 'free-for-bytebin')
    expect((await service.request('PUT /free-for-bytebin', { Authorization }, 'x')).status).toBe(410)
  })

  test('errors are words', async () => {
    const empty = await post({}, '')
    expect([empty.status, empty.text(), empty.headers['content-type']]).toEqual([
      400,
      'Missing content',
      'text/plain; charset=utf-8',
    ])
    const large = await service.request('POST /post', { 'Content-Length': '99999999999' }, '')
    expect([large.status, large.text()]).toEqual([413, 'Content too large'])
    const damaged = await post({ 'Content-Encoding': 'gzip' }, 'not gzip')
    expect([damaged.status, damaged.headers['content-type']]).toEqual([400, 'text/plain; charset=utf-8'])
  })

  test('what may be read a number of times is counted', async () => {
    const { key } = (await post({ 'Bytebin-Max-Reads': '2' }, 'secret')).json()
    expect((await service.request(`GET /${key}`, JAVA)).status).toBe(405)
    expect((await service.request(`GET /api/v1/pastes/${key}`)).json().maxViews).toBe(2)
    expect((await post({ 'Bytebin-Max-Reads': 'few' }, 'secret')).status).toBe(422)
  })

  test('a page of another site may post', async () => {
    const preflight = await service.request('OPTIONS /post', { Origin: 'https://other.example' })
    expect([preflight.status, preflight.headers['access-control-allow-origin']]).toEqual([204, '*'])
  })
})
