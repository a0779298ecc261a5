import { expect, test } from 'vitest'
import { onBothLanes } from '../../service/support/lanes.ts'
import { expectGone } from './expect.ts'

const API = { 'X-Requested-With': 'JSONHttpRequest' }
const CT = 'w3kZ0iTJuSnQxB1J9MZ0pA=='

/** As pbcli, pbincli and privatebinapi send it. */
const envelope = (changes: object = {}, burn = 0) => ({
  v: 2,
  adata: [['0N5rrXwI2AFzZiQe', 'KBBDYiFx+2k=', 100_000, 256, 128, 'aes', 'gcm', 'zlib'], 'plaintext', 0, burn],
  ct: CT,
  meta: { expire: '1week' },
  ...changes,
})

onBothLanes('PrivateBin', (service) => {
  // Without a Content-Type, as its clients do.
  const post = (value: unknown, fields = {}) => service.request('POST /', { ...API, ...fields }, JSON.stringify(value))
  const get = (query: string) => service.request(`GET /?${query}`, API)

  test.for(['%s', '%s=', 'pasteid=%s'])('an envelope is stored, and read by /?%s', async (form) => {
    const answer = await post({ ...envelope(), id: '' })
    const { id, url, deletetoken } = answer.json()
    service.made.add(id)
    expect([answer.status, answer.json().status, url]).toEqual([200, 0, `/?${id}`])
    expect(id).toMatch(/^[0-9a-f]{16}$/)
    expect(deletetoken).toBeTypeOf('string')
    const read = (await get(form.replace('%s', id))).json()
    expect(read).toMatchObject({ status: 0, id, v: 2, ct: CT, adata: envelope().adata, comments: [], comment_count: 0 })
    expect(read.meta.time_to_live).toBeGreaterThan(604_000)
    expect(read.meta.created).toBeGreaterThan(1_600_000_000)
  })

  test('one to be read once is given once, and not to a preview', async () => {
    const { id } = (await post(envelope({}, 1))).json()
    expect((await service.request(`GET /?${id}`)).text()).not.toContain(CT)
    expect((await service.request(`HEAD /?${id}`, API)).status).toBe(200)
    expect((await service.request(`GET /raw/${id}`)).status).toBe(405)
    expect((await get(id)).json()).toMatchObject({ status: 0, ct: CT })
    const again = await get(id)
    expect([again.status, again.json().status]).toEqual([200, 1])
    expect(again.text()).not.toContain(CT)
  })

  test('the deletion token deletes, another does not', async () => {
    const { id, deletetoken } = (await post(envelope())).json()
    expect((await post({ pasteid: id, deletetoken: 'x' })).json()).toMatchObject({ status: 1 })
    expect((await get(id)).json().status).toBe(0)
    expect((await post({ pasteid: id, deletetoken })).json()).toEqual({ status: 0, id })
    await expectGone(service, id)
    expect((await get(id)).json()).toMatchObject({ status: 1 })
  })

  test('clients ask for the version', async () => {
    expect((await service.request('GET /?jsonld=paste')).json()).toEqual({ '@context': { v: { '@value': 2 } } })
  })

  test.for([
    envelope({ meta: { expire: 'some time' } }),
    envelope({ ct: 'not base64!' }),
    envelope({ ct: '' }),
    envelope({ v: 1 }),
    envelope({ adata: ['x'] }),
    envelope({ password: 'x' }),
    envelope({ meta: { expire: '1week', burn: true } }),
    envelope({ adata: [envelope().adata[0], 'plaintext', 1, 0] }),
    { ...envelope(), pasteid: '0123456789abcdef', parentid: '0123456789abcdef' },
    { content: 'some text' },
    'text',
    null,
  ])('%j is refused with status 1', async (value) => {
    const answer = await post(value)
    expect([answer.status, answer.json().status]).toEqual([200, 1])
    expect(answer.json().message).toBeTypeOf('string')
  })

  test('a discussion is refused in words that a person understands', async () => {
    const answer = await post(envelope({ adata: [envelope().adata[0], 'plaintext', 1, 0] }))
    expect(answer.json()).toEqual({ status: 1, message: 'There are no discussions here.' })
  })

  test('what is no JSON is refused with status 1, too', async () => {
    expect((await service.request('POST /', API, 'text')).json().status).toBe(1)
    expect((await service.request('POST /', { ...API, 'Content-Length': '99999999' }, '')).json().status).toBe(1)
  })

  test('a paste of another kind is no envelope, and loses no reading', async () => {
    await service.create({ slug: '0123456789abcdef', burnAfterReading: true, content: 'secret' })
    expect((await get('0123456789abcdef')).json().status).toBe(1)
    expect((await service.request('POST /api/v1/pastes/0123456789abcdef/claim')).text()).toBe('secret')
    for (const id of ['nowhere', '', 'from', '0000000000000000', '../etc'])
      expect((await get(id)).json().status).toBe(1)
  })

  test('the form is still the form', async () => {
    const page = { Accept: 'text/html,*/*;q=0.8', 'User-Agent': 'Mozilla/5.0', 'Sec-Fetch-Mode': 'navigate' }
    for (const path of ['/', '/?abc', '/?from=nowhere'])
      expect((await service.request(`GET ${path}`, page)).headers['content-type']).toContain('text/html')
  })
})
