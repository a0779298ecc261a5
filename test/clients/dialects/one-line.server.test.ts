import { expect, test } from 'vitest'
import { onBothLanes } from '../../service/support/lanes.ts'
import { expectGone } from './expect.ts'
import { hoursLeft, postForm, slugOf } from './form.ts'

const FILE = { name: 'file', fileName: 'f.txt', value: 'some text' }

onBothLanes('0x0', (service) => {
  test('-F file=@f -F expires=24 -F secret= makes a long address that ends in hours', async () => {
    const fields = [FILE, { name: 'expires', value: '24' }, { name: 'secret', value: '' }]
    const answer = await postForm(service, '/', fields)
    const slug = slugOf(answer)
    expect(answer.status).toBe(201)
    expect(slug).toHaveLength(22)
    expect(await hoursLeft(service, slug)).toBe(24)
    expect(answer.headers['x-token']).toBe(answer.headers['x-edit-token'])
    expect(Number(answer.headers['x-expires'])).toBeGreaterThan(service.clock.now())
  })

  test('expires in epoch milliseconds is that time', async () => {
    const at = service.clock.now() + 5 * 3_600_000
    const answer = await postForm(service, '/', [FILE, { name: 'expires', value: `${at}` }])
    expect(answer.headers['x-expires']).toBe(`${at}`)
  })

  test.for(['soon', '1d', '-1', '0', '9'.repeat(15), '1'.repeat(20)])('expires=%s is refused', async (value) => {
    expect((await postForm(service, '/', [FILE, { name: 'expires', value }])).status).toBe(422)
  })

  test('-F token= -F delete= to the address deletes', async () => {
    const answer = await postForm(service, '/', [FILE])
    const token = { name: 'token', value: answer.headers['x-token'] ?? '' }
    const address = `/${slugOf(answer)}.txt`
    const wrong = await postForm(service, address, [
      { name: 'token', value: 'x' },
      { name: 'delete', value: '' },
    ])
    expect([wrong.status, wrong.headers['content-type']]).toEqual([403, 'text/plain; charset=utf-8'])
    expect((await postForm(service, address, [{ name: 'delete', value: '' }])).status).toBe(401)
    expect((await postForm(service, address, [token, { name: 'delete', value: '' }])).status).toBe(200)
    await expectGone(service, slugOf(answer))
  })

  test('-d token= -d expires= changes when it ends', async () => {
    const answer = await postForm(service, '/', [FILE])
    const slug = slugOf(answer)
    const type = { 'Content-Type': 'application/x-www-form-urlencoded' }
    const change = (body: string) => service.request(`POST /${slug}`, type, body)
    expect((await change(`token=${answer.headers['x-token']}&expires=3`)).status).toBe(202)
    expect(await hoursLeft(service, slug)).toBe(3)
    expect((await change(`token=${answer.headers['x-token']}`)).status).toBe(422)
    expect((await change(`token=${answer.headers['x-token']}&expires=3&delete=`)).status).toBe(422)
    expect((await change(`token=${answer.headers['x-token']}&hide=1`)).status).toBe(422)
  })

  test('url=, which would have the service fetch, is refused with words', async () => {
    const answer = await postForm(service, '/', [{ name: 'url', value: 'https://example.com/f' }])
    expect([answer.status, answer.json().code]).toEqual([422, 'unknown_field'])
  })

  test('a form posted to a name that nobody has makes nothing', async () => {
    expect((await postForm(service, '/nobody-has-it', [FILE])).status).toBe(404)
    expect((await service.request('GET /raw/nobody-has-it')).status).toBe(404)
  })
})

onBothLanes('transfer.sh', (service) => {
  test('-T f host/f.txt with Max-Days and Max-Downloads, and X-Url-Delete deletes', async () => {
    const answer = await service.request('PUT /f.txt', { 'Max-Days': '2', 'Max-Downloads': '3' }, 'some text')
    const slug = slugOf(answer)
    const about = (await service.request(`GET /api/v1/pastes/${slug}`)).json()
    expect(about).toMatchObject({ maxViews: 3, fileName: 'f.txt' })
    expect(await hoursLeft(service, slug)).toBe(48)
    const deletion = new URL(answer.headers['x-url-delete'] ?? '').pathname
    expect((await service.request(`DELETE ${deletion.slice(0, -1)}-`)).status).toBe(403)
    expect((await service.request(`DELETE ${deletion}`)).status).toBe(200)
    await expectGone(service, slug)
  })

  test.for([
    { 'Max-Days': 'two' },
    { 'Max-Downloads': '0' },
    { 'Max-Downloads': 'none' },
    { 'X-Encrypt-Password': 'secret' },
  ])('%j is refused', async (headers) => {
    expect((await service.request('PUT /f.txt', headers, 'some text')).status).toBe(422)
  })
})

onBothLanes('rustypaste', (service) => {
  const CLI = { 'User-Agent': 'rustypaste-cli/0.10.0', Accept: '*/*' }
  const part = (name: string, value: string) => ({
    name,
    value,
    head: `Content-Disposition: form-data; name="${name}"; filename="f.txt"\r\nContent-Type: application/octet-stream`,
  })
  const urlPart = (name: string, value: string) => ({
    name,
    value,
    head: `Content-Disposition: form-data; name="${name}"\r\nContent-Type: application/octet-stream`,
  })
  const rpaste = (parts: ReturnType<typeof part>[], fields = {}) => postForm(service, '/', parts, { ...CLI, ...fields })

  test('rpaste gets 200 and one line, and deletes', async () => {
    const answer = await rpaste([part('file', 'some text')], { expire: '10min' })
    const slug = slugOf(answer)
    service.made.add(slug)
    expect([answer.status, answer.text()]).toEqual([200, `${service.url}/${slug}\n`])
    const { createdAt, expiresAt } = (await service.request(`GET /api/v1/pastes/${slug}`)).json()
    expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(600_000)
    const bare = { ...CLI, Authorization: answer.headers['x-edit-token'] ?? '' }
    expect((await service.request(`DELETE /${slug}`, CLI)).status).toBe(401)
    expect((await service.request(`DELETE /${slug}`, { ...CLI, Authorization: 'other' })).status).toBe(403)
    const deleted = await service.request(`DELETE /${slug}.txt`, bare)
    expect([deleted.status, deleted.text()]).toEqual([200, 'file deleted\n'])
    await expectGone(service, slug)
  })

  test('the header filename is the name in the address', async () => {
    const answer = await rpaste([part('file', 'some text')], { filename: 'rpaste-notes.txt' })
    expect(answer.text()).toBe(`${service.url}/rpaste-notes.txt\n`)
    expect((await service.request('GET /rpaste-notes.txt')).text()).toBe('some text')
    expect((await rpaste([part('file', 'x')], { filename: 'rpaste-notes.txt' })).status).toBe(409)
    expect((await rpaste([part('file', 'x')], { filename: 'a.tar.gz' })).status).toBe(422)
    expect((await rpaste([part('file', 'x')], { filename: 'api.txt' })).status).toBe(422)
  })

  test('oneshot is read once', async () => {
    const slug = slugOf(await rpaste([part('oneshot', 'secret')]))
    expect((await service.request(`GET /${slug}`, CLI)).status).toBe(405)
    expect((await service.request(`POST /api/v1/pastes/${slug}/claim`)).text()).toBe('secret')
  })

  test('url is shortened', async () => {
    const answer = await rpaste([urlPart('url', 'https://example.com/a\n')], { expire: '1h' })
    expect(answer.status).toBe(200)
    const read = await service.request(`GET /${slugOf(answer)}`, CLI)
    expect([read.status, read.headers.location]).toEqual([302, 'https://example.com/a'])
    for (const address of ['http://127.0.0.1/', 'javascript:alert(1)', 'x'.repeat(70_000)])
      expect((await rpaste([urlPart('url', address)])).status).toBeGreaterThanOrEqual(400)
  })

  test.for(['remote', 'oneshot_url', 'protected'])('%s is refused with words', async (name) => {
    const answer = await rpaste([urlPart(name, 'https://example.com/')])
    expect([answer.status, answer.headers['content-type']]).toEqual([422, 'text/plain; charset=utf-8'])
  })

  test.for(['/list', '/version'])('GET %s says that it is not exposed', async (path) => {
    const answer = await service.request(`GET ${path}`, CLI)
    expect([answer.status, answer.text()]).toEqual([403, 'endpoint is not exposed\n'])
  })
})
