import { describe, expect, test } from 'vitest'
import { onBothLanes } from './support/lanes.ts'
import { type Service, useService } from './support/service.ts'

const ask = async (service: Service, slug: string) => (await service.request(`GET /api/v1/slugs/${slug}`)).json()

onBothLanes('asking for a name', (service) => {
  test('a free one is free', async () => {
    expect(await ask(service, 'free-as-a-bird')).toEqual({ slug: 'free-as-a-bird', status: 'free', suggestion: null })
  })

  test('a taken one is taken, and the suggested one can be had', async () => {
    await service.create({ slug: 'release-notes' })
    const { status, suggestion } = await ask(service, 'release-notes')
    expect(status).toBe('taken')
    expect((await service.create({ slug: suggestion })).slug).toBe(suggestion)
  })

  test('one of 64 characters gets a suggestion that is not longer', async () => {
    const slug = 'x'.repeat(64)
    await service.create({ slug })
    const { suggestion } = await ask(service, slug)
    expect((await service.create({ slug: suggestion })).slug).toBe(suggestion)
  })

  test('names differ by case', async () => {
    await service.create({ slug: 'CaseMatters' })
    expect((await ask(service, 'casematters')).status).toBe('free')
  })

  test.for(['ab', '-ab', 'a.b', 'a%20b', '%C3%A9t%C3%A9'])('%s is invalid', async (slug) => {
    expect((await ask(service, slug)).status).toBe('invalid')
  })

  test.for(['api', 'RAW', 'help', 'xn--abc'])('%s is reserved', async (slug) => {
    expect((await ask(service, slug)).status).toBe('reserved')
  })

  test('the name of a deleted paste is not free', async () => {
    const { slug, editToken } = await service.create({ slug: 'not-again' })
    await service.request(`DELETE /api/v1/pastes/${slug}`, { Authorization: `Bearer ${editToken}` })
    expect((await ask(service, slug)).status).toBe('taken')
  })

  test('every first segment of a route is reserved', async () => {
    const words = service.app.http.paths
      .map((path) => path.split('/')[1] ?? '')
      .filter((word) => /^[A-Za-z]{3,}$/.test(word))
    for (const word of new Set(words)) expect((await ask(service, word)).status, word).toBe('reserved')
  })
})

describe('trying out names', () => {
  const service = useService({ RATE_LIMIT_MISS: '3/minute' })

  test('counts whether they are free or taken, and then nothing is told of any name', async () => {
    await service.create({ slug: 'known-name' })
    const statusOf = async (slug: string) => (await service.request(`GET /api/v1/slugs/${slug}`)).status
    for (const slug of ['known-name', 'unknown-0', 'known-name']) expect(await statusOf(slug)).toBe(200)
    const refused = await service.request('GET /api/v1/slugs/known-name')
    expect([refused.status, refused.json().code]).toEqual([429, 'too_many_misses'])
    expect((await service.request('GET /raw/known-name')).status).toBe(429)
  })
})
