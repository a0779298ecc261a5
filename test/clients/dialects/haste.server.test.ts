import { describe, expect, test } from 'vitest'
import { onBothLanes } from '../../service/support/lanes.ts'
import { useService } from '../../service/support/service.ts'
import { expectGone } from './expect.ts'

onBothLanes('haste', (service) => {
  const send = (fields: Record<string, string>, body: string) => service.request('POST /documents', fields, body)

  test.for([
    // curl -d and the gem call it a form; it is none.
    ['application/x-www-form-urlencoded', 'content=1&b=%41+c'],
    // haste-client
    ['', 'print("hi")\n'],
    // hastebin-gen
    ['text/plain', 'łódź\n'],
    ['application/json', '{"text":"t","burn_after_reading":true}'],
  ])('POST /documents takes the body as it is when it says %j', async ([type = '', body = '']) => {
    const answer = await send({ 'Content-Type': type, 'User-Agent': 'haste/0.2' }, body)
    expect(answer.status).toBe(200)
    expect(Object.keys(answer.json())).toEqual(['key'])
    const { key } = answer.json()
    const read = await service.request(`GET /documents/${key}`)
    expect(read.json()).toEqual({ data: body, key })
    expect((await service.request(`GET /raw/${key}`)).text()).toBe(body)
    expect((await service.request(`GET /raw/${key}.py`)).text()).toBe(body)
    expect((await service.request(`GET /share/${key}`)).text()).toBe(body)
  })

  test('its key is a paste like any other, and the token deletes it', async () => {
    const answer = await send({}, 'x')
    const { key } = answer.json()
    const Authorization = `Bearer ${answer.headers['x-edit-token']}`
    expect((await service.request(`DELETE /api/v1/pastes/${key}`, { Authorization })).status).toBe(204)
    await expectGone(service, key)
    expect((await service.request(`GET /documents/${key}`)).json()).toHaveProperty('message')
  })

  test('HEAD answers as GET, without the text', async () => {
    const { key } = (await send({}, 'x')).json()
    const answer = await service.request(`HEAD /documents/${key}`)
    expect([answer.status, answer.body.length]).toEqual([200, 0])
    expect((await service.request('HEAD /documents/nowhere')).status).toBe(404)
  })

  test('errors are a message', async () => {
    const missing = await service.request('GET /documents/nowhere')
    expect([missing.status, missing.json()]).toEqual([404, { message: 'Document not found.' }])
    const empty = await send({}, '')
    expect([empty.status, Object.keys(empty.json())]).toEqual([422, ['message']])
    const tooLong = await service.request('POST /documents', { 'Content-Length': '99999999999' }, '')
    expect([tooLong.status, Object.keys(tooLong.json())]).toEqual([413, ['message']])
  })

  test('options go into the query, and a paste to be read once is not given away', async () => {
    const answer = await service.request('POST /documents?burnAfterReading=true', {}, 'secret')
    const { key } = answer.json()
    const read = await service.request(`GET /documents/${key}`)
    expect([read.status, Object.keys(read.json())]).toEqual([405, ['message']])
    expect(read.text()).not.toContain('secret')
    expect((await service.request(`POST /api/v1/pastes/${key}/claim`)).text()).toBe('secret')
    expect((await service.request('POST /documents?burn=1', {}, 'secret')).status).toBe(422)
  })
})

describe('DIALECTS=off', () => {
  const service = useService({ DIALECTS: 'off' })
  test('leaves none of their addresses', async () => {
    expect((await service.request('POST /documents', {}, 'x')).status).toBe(405)
    expect((await service.request('GET /documents/nowhere')).headers['content-type']).toBe('application/problem+json')
  })

  test('keeps their names reserved', async () => {
    expect((await service.request('GET /api/v1/slugs/documents')).json().status).toBe('reserved')
  })
})
