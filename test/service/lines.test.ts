import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { patiently } from '../patience.ts'
import { bodiesFor, linesOf } from './support/bodies.ts'
import { onBothLanes } from './support/lanes.ts'
import { raw } from './support/message.ts'
import { useService } from './support/service.ts'
import { tool } from './support/tools.ts'

onBothLanes('lines of a paste', (service, lane) => {
  const bodies = bodiesFor(lane).map((body) => ({ ...body }))
  beforeAll(async () => {
    for (const body of bodies) body.slug = (await service.ask(raw(body.content))).json().slug
  })
  const read = (slug: string, query: string) => service.request(`GET /raw/${slug}?${query}`)

  describe.for(bodies)('of $what', (body) => {
    const total = linesOf(body.content)

    test('?lines=a-b is what sed prints', { timeout: patiently(30_000) }, async () => {
      const first = fc.integer({ min: 1, max: total })
      await fc.assert(
        fc.asyncProperty(first, fc.nat(200), async (a, more) => {
          const answer = await read(body.slug, `lines=${a}-${a + more}`)
          const b = Math.min(a + more, total)
          expect([answer.status, answer.headers['content-lines']]).toEqual([200, `${a}-${b}/${total}`])
          expect(answer.body.equals(tool('sed', ['-n', `${a},${b}p`], body.content))).toBe(true)
        }),
        { numRuns: 15 },
      )
    })

    test('?lines=a- goes to the end, and ?lines=a is one line', async () => {
      const a = Math.ceil(total / 2)
      const rest = await read(body.slug, `lines=${a}-`)
      expect(rest.headers['content-lines']).toBe(`${a}-${total}/${total}`)
      expect(rest.body.equals(tool('sed', ['-n', `${a},$p`], body.content))).toBe(true)
      expect((await read(body.slug, `lines=${a}`)).body.equals(tool('sed', ['-n', `${a}p`], body.content))).toBe(true)
    })

    test.for([1, 3, 100_000])('?tail=%i is what tail prints', async (count) => {
      const answer = await read(body.slug, `tail=${count}`)
      expect(answer.headers['content-lines']).toBe(`${Math.max(1, total - count + 1)}-${total}/${total}`)
      expect(answer.body.equals(tool('tail', ['-n', `${count}`], body.content))).toBe(true)
    })

    test('beyond the end there is nothing', async () => {
      const answer = await read(body.slug, `lines=${total + 1}-`)
      expect([answer.status, answer.headers['content-lines']]).toEqual([416, `*/${total}`])
      expect(answer.json().code).toBe('range_not_satisfiable')
    })
  })

  test('the three addresses give the same lines', async () => {
    const [{ slug, content }] = bodies as [(typeof bodies)[0]]
    const expected = tool('sed', ['-n', '100,200p'], content)
    for (const path of [`/${slug}`, `/raw/${slug}`, `/download/${slug}`, `/api/v1/pastes/${slug}/content`])
      expect((await service.request(`GET ${path}?lines=100-200`)).body.equals(expected), path).toBe(true)
  })
})

describe('lines over HTTP', () => {
  const service = useService()
  let path = ''
  beforeAll(async () => {
    path = `/raw/${(await service.create({ content: 'one\ntwo\nthree\n' })).slug}`
  })
  const codeOf = async (query: string) => {
    const answer = await service.request(`GET ${path}?${query}`)
    return [answer.status, answer.json().code, answer.json().pointer]
  }

  test.for([
    '',
    '0',
    '0-3',
    '-3',
    '-',
    'a',
    '1-b',
    '2-1',
    '1-2-3',
    '1,2',
    '1.5',
    '+1',
    '1e3',
    '01',
    '1-2 ',
    '9'.repeat(16),
    '٣',
  ])('?lines=%s is refused', async (value) => {
    expect(await codeOf(`lines=${encodeURIComponent(value)}`)).toEqual([422, 'validation_failed', '/lines'])
  })

  test.for(['', '0', '-1', 'all', '1.5', '9'.repeat(16)])('?tail=%s is refused', async (value) => {
    expect(await codeOf(`tail=${value}`)).toEqual([422, 'validation_failed', '/tail'])
  })

  test.for([
    ['lines=1&lines=2', 'duplicate_field', '/lines'],
    ['tail=1&tail=1', 'duplicate_field', '/tail'],
    ['lines=1&tail=2', 'conflicting_fields', '/tail'],
    ['tail=1&grep=x', 'conflicting_fields', '/grep'],
    ['lines=1&context=2', 'conflicting_fields', '/context'],
  ])('?%s is refused', async ([query, code, pointer]) => {
    expect(await codeOf(`${query}`)).toEqual([422, code, pointer])
  })

  test('other parameters change nothing', async () => {
    expect((await service.request(`GET ${path}?limit=2&utm_source=x`)).text()).toBe('one\ntwo\nthree\n')
    expect((await service.request(`GET ${path}?lines=2&utm_source=x`)).text()).toBe('two\n')
  })

  test('lines are text, with the headers of raw bytes', async () => {
    const { headers } = await service.request(`GET ${path}?lines=1`)
    const { headers: whole } = await service.request(`GET ${path}`)
    for (const name of ['content-security-policy', 'x-content-type-options', 'content-disposition', 'cache-control'])
      expect(headers[name], name).toBe(whole[name])
    expect(headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8', 'accept-ranges': 'none' })
  })

  test('each selection has a tag of its own, and 304 for who holds it', async () => {
    const { etag } = (await service.request(`GET ${path}?lines=1-2`)).headers
    const again = (query: string) => service.request(`GET ${path}?${query}`, { 'If-None-Match': `${etag}` })
    expect((await again('lines=1-2')).status).toBe(304)
    expect((await again('lines=1-3')).status).toBe(200)
    expect((await service.request(`GET ${path}`, { 'If-None-Match': `${etag}` })).status).toBe(200)
  })

  test('HEAD gives the head without a length, and no body', async () => {
    const head = await service.request(`HEAD ${path}?lines=2-9`)
    expect([head.status, head.headers['content-lines'], head.body.length]).toEqual([200, '2-3/3', 0])
    expect(head.headers).not.toHaveProperty('transfer-encoding')
  })

  test('a byte range is ignored, and so is zstd', async () => {
    const fields = { Range: 'bytes=0-0', 'Accept-Encoding': 'zstd' }
    const answer = await service.request(`GET ${path}?lines=2`, fields)
    expect([answer.status, answer.text()]).toEqual([200, 'two\n'])
    expect(answer.headers).not.toHaveProperty('content-encoding')
  })

  test('a paste whose readings are counted is not read by lines either', async () => {
    const { slug } = await service.create({ burnAfterReading: true })
    for (const query of ['lines=1', 'tail=1', 'grep=text'])
      expect((await service.request(`GET /raw/${slug}?${query}`)).json().code).toBe('burn_requires_post')
    expect((await service.request(`POST /api/v1/pastes/${slug}/claim`)).status).toBe(200)
  })

  test('lines of a private paste are kept by nobody', async () => {
    const { slug } = await service.create({ visibility: 'private', content: 'one\ntwo\n' })
    const { headers, status } = await service.request(`GET /raw/${slug}?lines=1`, { 'If-None-Match': '*' })
    expect([status, headers['cache-control'], headers.etag]).toEqual([200, 'no-store', undefined])
  })
})
