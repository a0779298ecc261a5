import { beforeAll, describe, expect, test } from 'vitest'
import { patiently } from '../patience.ts'
import { BODIES, bodiesFor, linesOf } from './support/bodies.ts'
import { onBothLanes } from './support/lanes.ts'
import { raw } from './support/message.ts'
import { useService } from './support/service.ts'
import { tool } from './support/tools.ts'
import { hangUp } from './support/wire.ts'

// In one line of 3 MiB everything matches or nothing does, and what is shown of it is cut: see test/content/grep/grep.test.ts.
const SHORT_LINED = BODIES.filter(({ what }) => what !== 'one line of 3 MiB' && !what.startsWith('UTF-8'))

onBothLanes('searching a paste', (service, lane) => {
  const bodies = SHORT_LINED.filter((body) => bodiesFor(lane).includes(body)).map((body) => ({ ...body }))
  beforeAll(async () => {
    for (const body of bodies) body.slug = (await service.ask(raw(body.content))).json().slug
  })

  test.for([
    { text: 'WARN took 99', context: 0, ignoreCase: false },
    { text: 'level=warn took 1', context: 2, ignoreCase: true },
    { text: 'o', context: 0, ignoreCase: false },
    { text: 'TWO', context: 1, ignoreCase: true },
    { text: '.*', context: 3, ignoreCase: false },
    { text: '\r', context: 1, ignoreCase: false },
    { text: '12 ms', context: 1, ignoreCase: false },
  ])('%j gives what grep gives', async ({ text, context, ignoreCase }) => {
    const flags = [...(ignoreCase ? ['-i'] : []), ...(context > 0 ? [`-C${context}`] : [])]
    const query = new URLSearchParams({
      grep: text,
      context: `${context}`,
      ignoreCase: `${ignoreCase}`,
      limit: '10000',
    })
    for (const { what, slug, content } of bodies) {
      const answer = await service.request(`GET /raw/${slug}?${query}`)
      if (answer.headers['content-matches']?.includes('stopped')) continue
      const expected = tool('grep', ['-a', '-n', '-F', ...flags, '-e', text], content)
      expect(answer.body.toString('latin1'), what).toBe(expected.toString('latin1'))
      const matches = expected.toString('latin1').match(/^\d+:/gm)?.length ?? 0
      const total = linesOf(content)
      expect(answer.headers).toMatchObject({
        'content-type': 'text/plain; charset=utf-8',
        'content-matches': `${matches}`,
        'content-lines': `1-${total}/${total}`,
        'content-length': `${expected.length}`,
      })
    }
  })
})

describe('a search over HTTP', () => {
  const service = useService()
  let path = ''
  beforeAll(async () => {
    path = `/raw/${(await service.create({ content: 'an apple\na pear\nan Apple\nÄpfel\nan apple pie\n' })).slug}`
  })
  const search = (query: string, fields = {}) => service.request(`GET ${path}?${query}`, fields)

  test('says when there are more matches than were asked for', async () => {
    const answer = await search('grep=apple&limit=1')
    expect(answer.text()).toBe('1:an apple\n-- stopped after line 4: limit of 1 matches\n')
    expect(answer.headers).toMatchObject({ 'content-matches': '1; stopped=limit', 'content-lines': '1-4/5' })
  })

  test('does not say so when there are exactly as many', async () => {
    const answer = await search('grep=apple&limit=2')
    expect(answer.text()).toBe('1:an apple\n5:an apple pie\n')
    expect(answer.headers['content-matches']).toBe('2')
  })

  test('without a match is empty', async () => {
    const answer = await search('grep=plum')
    expect([answer.status, answer.text(), answer.headers['content-matches']]).toEqual([200, '', '0'])
  })

  test('takes the text as it is, not as a pattern', async () => {
    expect((await search('grep=a.ple')).text()).toBe('')
  })

  test('ignores the case of all letters, where the text has others than A to Z', async () => {
    expect((await search('grep=APPLE&ignoreCase=true')).headers['content-matches']).toBe('3')
    expect((await search(`grep=${encodeURIComponent('äPFEL')}&ignoreCase=true`)).headers['content-matches']).toBe('1')
    expect((await search(`grep=${encodeURIComponent('äpfel')}`)).headers['content-matches']).toBe('0')
  })

  test('gives the numbers of the lines to who wants JSON', async () => {
    const answer = await search('grep=apple', { Accept: 'application/json' })
    expect(answer.headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8', 'content-matches': '2' })
    expect(answer.json()).toEqual({ lines: [1, 5], searched: 5, total: 5, stopped: null })
    const cut = await search('grep=apple&limit=1', { Accept: 'application/json' })
    expect(cut.json()).toEqual({ lines: [1], searched: 4, total: 5, stopped: 'limit' })
  })

  test('text and JSON have tags of their own, and say that they depend on Accept', async () => {
    const text = await search('grep=apple')
    const json = await search('grep=apple', { Accept: 'application/json' })
    expect(text.headers.etag).not.toBe(json.headers.etag)
    expect(text.headers.vary).toMatch(/\bAccept,/)
    expect((await search('grep=apple', { 'If-None-Match': `${text.headers.etag}` })).status).toBe(304)
    expect((await search('grep=apples', { 'If-None-Match': `${text.headers.etag}` })).status).toBe(200)
  })

  test('HEAD does not search', async () => {
    const head = await service.request(`HEAD ${path}?grep=apple`)
    expect([head.status, head.body.length]).toEqual([200, 0])
    expect(head.headers).not.toHaveProperty('content-matches')
  })

  test.for([
    ['grep=', 422, 'validation_failed', '/grep'],
    [`grep=${'x'.repeat(1_001)}`, 422, 'validation_failed', '/grep'],
    ['grep=a%0Ab', 422, 'validation_failed', '/grep'],
    ['grep=%FF', 400, 'invalid_url', undefined],
    ['grep=%zz', 400, 'invalid_url', undefined],
    ['grep=a&grep=b', 422, 'duplicate_field', '/grep'],
    ['grep=a&context=51', 422, 'validation_failed', '/context'],
    ['grep=a&context=-1', 422, 'validation_failed', '/context'],
    ['grep=a&context=', 422, 'validation_failed', '/context'],
    ['grep=a&ignoreCase=yes', 422, 'validation_failed', '/ignoreCase'],
    ['grep=a&limit=0', 422, 'invalid_limit', '/limit'],
    ['grep=a&limit=10001', 422, 'invalid_limit', '/limit'],
    ['grep=a&limit=1&limit=2', 422, 'duplicate_field', '/limit'],
  ] as const)('?%s is refused', async ([query, status, code, pointer]) => {
    const answer = await search(query)
    expect([answer.status, answer.json().code, answer.json().pointer]).toEqual([status, code, pointer])
  })
})

describe('many searches at once', () => {
  const service = useService()
  const content = Buffer.alloc(4 * 1024 * 1024, 'a line that is not it\n')

  test('wait for their turn, and beyond that are told to come back', async () => {
    const { slug } = (await service.ask(raw(content))).json()
    const answers = await Promise.all(Array.from({ length: 24 }, () => service.request(`GET /raw/${slug}?grep=needle`)))
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(18)
    for (const { status, headers, json } of answers)
      if (status !== 200) expect([status, json().code, headers['retry-after']]).toEqual([503, 'overloaded', '2'])
  })

  test('whose clients have gone give their places back', async () => {
    const { slug } = (await service.ask(raw(content))).json()
    const asking = Buffer.from(`GET /raw/${slug}?grep=needle HTTP/1.1\r\nHost: x\r\n\r\n`)
    await Promise.all(Array.from({ length: 18 }, () => hangUp(service.port, asking, 'reset')))
    const search = async () => (await service.request(`GET /raw/${slug}?grep=needle`)).status
    await expect.poll(search, { timeout: patiently(15_000) }).toBe(200)
    expect(service.crashes).toEqual([])
  })
})
