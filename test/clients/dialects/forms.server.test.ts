import { expect, test } from 'vitest'
import { onBothLanes } from '../../service/support/lanes.ts'
import { expectGone } from './expect.ts'
import { hoursLeft, postForm, slugOf } from './form.ts'

const URLENCODED = { 'Content-Type': 'application/x-www-form-urlencoded' }
const field = (name: string, value: string) => ({ name, value })

onBothLanes('pastebinit', (service) => {
  test('is redirected to the paste', async () => {
    const sent = 'poster=root&content=line+1%0Aline+2%0A&syntax=python'
    const answer = await service.request('POST /', { ...URLENCODED, 'User-Agent': 'Pastebinit v1.6.2' }, sent)
    const slug = slugOf(answer)
    expect([answer.status, answer.headers.location]).toEqual([302, `${service.url}/${slug}`])
    expect((await service.request(`GET /${slug}`)).text()).toBe('line 1\nline 2\n')
    expect((await service.request(`GET /api/v1/pastes/${slug}`)).json().language).toBe('python')
  })
})

onBothLanes('dpaste', (service) => {
  test('API v2 takes an urlencoded form and answers the address in body and Location', async () => {
    const sent = 'content=print%281%29&syntax=python&title=T&poster=me&expiry_days=3'
    const answer = await service.request('POST /api/v2/', URLENCODED, sent)
    expect([answer.status, answer.text()]).toEqual([201, `${answer.headers.location}\n`])
    const about = (await service.request(`GET /api/v1/pastes/${slugOf(answer)}`)).json()
    expect(about).toMatchObject({ language: 'python', title: 'T' })
    expect(await hoursLeft(service, slugOf(answer))).toBe(72)
  })

  test('API v2 takes a multipart form, as wgetpaste sends it', async () => {
    const fields = [field('content', 'x\n'), field('syntax', 'text'), field('expiry_days', '1'), field('poster', '')]
    const answer = await postForm(service, '/api/v2/', fields)
    expect(answer.status).toBe(201)
    expect((await service.request(`GET /raw/${slugOf(answer)}`)).text()).toBe('x\n')
  })

  test.for([
    ['url', (url: string) => `${url}\n`],
    ['default', (url: string) => `"${url}"`],
    ['json', (url: string) => JSON.stringify({ url, lexer: 'python' })],
  ] as const)('API v1 answers format=%s', async ([format, expected]) => {
    const sent = `content=x&lexer=python&expires=3600&filename=a.py&format=${format}`
    const answer = await service.request('POST /api/', URLENCODED, sent)
    expect(answer.text()).toBe(expected(answer.headers.location ?? ''))
    expect(await hoursLeft(service, answer.headers.location?.split('/').at(-1) ?? '')).toBe(1)
  })

  test('API v1 with expires=onetime makes a paste to be read once', async () => {
    const answer = await postForm(service, '/api/', [field('content', 'secret'), field('expires', 'onetime')])
    const slug = answer.headers.location?.split('/').at(-1)
    expect((await service.request(`GET /raw/${slug}`)).status).toBe(405)
  })

  test.for(['content=x&expires=soon', 'content=x&burn=1', 'content=x&expiry_days=1', 'lexer=python'])(
    'API v1 refuses %s with words',
    async (sent) => {
      const answer = await service.request('POST /api/', URLENCODED, sent)
      expect([answer.status, answer.headers['content-type']]).toEqual([422, 'text/plain; charset=utf-8'])
    },
  )

  test('a body that is no form is refused', async () => {
    expect((await service.request('POST /api/v2/', { 'Content-Type': 'text/plain' }, 'x')).status).toBe(415)
    expect((await service.request('POST /api/v2/', {}, 'x')).status).toBe(415)
  })
})

onBothLanes('MicroBin', (service) => {
  test('its form is answered with a redirection', async () => {
    const parts = [
      field('expiration', '3days'),
      field('burn_after', '0'),
      field('syntax_highlight', 'none'),
      field('privacy', 'public'),
      field('plain_key', ''),
      field('content', 'some text'),
      field('uploader_password', ''),
    ]
    const answer = await postForm(service, '/upload', parts)
    const slug = answer.headers.location?.split('/').at(-1) ?? ''
    expect([answer.status, answer.headers.location]).toEqual([302, `/upload/${slug}`])
    expect((await service.request(`GET /upload/${slug}`)).headers.location).toBe(`/${slug}`)
    expect(await hoursLeft(service, slug)).toBe(72)
    expect((await service.request(`GET /api/v1/pastes/${slug}`)).json().visibility).toBe('public')
  })

  test('burn_after counts readings', async () => {
    const answer = await postForm(service, '/upload', [field('burn_after', '10'), field('content', 'x')])
    const slug = answer.headers.location?.split('/').at(-1)
    expect((await service.request(`GET /api/v1/pastes/${slug}`)).json().maxViews).toBe(10)
  })

  test.for([
    field('privacy', 'secret'),
    field('privacy', 'private'),
    field('privacy', 'constructor'),
    field('plain_key', 'k'),
    field('uploader_password', 'w'),
    field('burn_after', 'once'),
    field('expiration', 'some time'),
    field('encrypt_client', 'on'),
  ])('$name=$value is refused with words', async (refused) => {
    const answer = await postForm(service, '/upload', [refused, field('content', 'x')])
    expect([answer.status, answer.headers['content-type']]).toEqual([422, 'text/plain; charset=utf-8'])
  })
})

onBothLanes('pastebin-worker', (service) => {
  test('fields in any order; PUT and DELETE by the password in the address', async () => {
    const answer = await postForm(service, '/', [field('n', 'worker-name'), field('c', 'one'), field('e', '2d')])
    const { url, manageUrl, expirationSeconds, expireAt } = answer.json()
    service.made.add('worker-name')
    expect([answer.status, url, expirationSeconds]).toEqual([200, `${service.url}/worker-name`, 172_800])
    expect(Date.parse(expireAt)).toBeGreaterThan(service.clock.now())
    const address = new URL(manageUrl).pathname
    const put = (path: string) =>
      service.request(
        `PUT ${path}`,
        { 'Content-Type': 'multipart/form-data; boundary=b' },
        '--b\r\nContent-Disposition: form-data; name="c"\r\n\r\ntwo\r\n--b\r\nContent-Disposition: form-data; name="e"\r\n\r\n3600\r\n--b--\r\n',
      )
    expect((await put('/worker-name:wrong')).status).toBe(403)
    const changed = await put(address)
    expect([changed.status, changed.json().url, changed.json().manageUrl]).toEqual([200, url, manageUrl])
    expect((await service.request('GET /worker-name')).text()).toBe('two')
    expect((await service.request('DELETE /worker-name:wrong')).status).toBe(403)
    expect((await service.request('GET /worker-name')).text()).toBe('two')
    expect((await service.request(`DELETE ${address}`)).status).toBe(200)
    await expectGone(service, 'worker-name')
  })

  test('p makes a long address, and a taken name is 409', async () => {
    const answer = await postForm(service, '/', [field('c', 'one'), field('p', '1')])
    expect(new URL(answer.json().url).pathname).toHaveLength(23)
    await service.create({ slug: 'worker-taken' })
    expect((await postForm(service, '/', [field('c', 'one'), field('n', 'worker-taken')])).status).toBe(409)
  })

  test.for([field('s', 'password'), field('e', 'soon'), field('n', 'api'), field('encryption-scheme', 'AES-GCM')])(
    '$name=$value is refused',
    async (refused) => {
      expect((await postForm(service, '/', [field('c', 'one'), refused])).status).toBe(422)
    },
  )
})
