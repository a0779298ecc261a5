import { beforeAll, expect, test } from 'vitest'
import { onBothLanes } from './support/lanes.ts'
import type { Created, Service } from './support/service.ts'

type Page = { pastes: Created[]; nextCursor: string | null }

/** Every page of the list, from the first to the one without a next. */
async function pages(service: Service, limit: number): Promise<Page[]> {
  const all: Page[] = []
  for (let cursor = ''; ; ) {
    const page: Page = (await service.request(`GET /api/v1/pastes?limit=${limit}${cursor}`)).json()
    all.push(page)
    if (page.nextCursor === null) return all
    cursor = `&cursor=${page.nextCursor}`
  }
}
const slugs = (page: Page | undefined) => page?.pastes.map(({ slug }) => slug)

onBothLanes('the list of recent public pastes', (service) => {
  const made: string[] = []
  beforeAll(async () => {
    // Three at a time have one time of creation, so that the order within it is looked at too.
    for (let group = 0; group < 9; group++) {
      service.clock.advance(1_000)
      const trio = await Promise.all([0, 1, 2].map(() => service.create({ visibility: 'public' })))
      made.push(...trio.map(({ slug }) => slug))
    }
    await service.create({ visibility: 'unlisted' })
    await service.create({ visibility: 'private' })
  })

  test('pages of 7 hold each of 27 pastes once, newest first', async () => {
    const all = await pages(service, 7)
    expect(all.map(({ pastes }) => pastes.length)).toEqual([7, 7, 7, 6])
    const listed = all.flatMap(({ pastes }) => pastes)
    expect(listed.map(({ slug }) => slug).toSorted()).toEqual(made.toSorted())
    const times = listed.map((paste) => Date.parse((paste as unknown as { createdAt: string }).createdAt))
    expect(times).toEqual(times.toSorted((a, b) => b - a))
  })

  test('pages that divide the list evenly end without an empty one', async () => {
    expect((await pages(service, 9)).map(({ pastes }) => pastes.length)).toEqual([9, 9, 9])
  })

  test('a paste made meanwhile moves nothing on the next page', async () => {
    const [, before] = await pages(service, 7)
    const first: Page = (await service.request('GET /api/v1/pastes?limit=7')).json()
    service.clock.advance(1_000)
    const { slug, editToken } = await service.create({ visibility: 'public' })
    const second: Page = (await service.request(`GET /api/v1/pastes?limit=7&cursor=${first.nextCursor}`)).json()
    expect(slugs(second)).toEqual(slugs(before))
    await service.request(`DELETE /api/v1/pastes/${slug}`, { Authorization: `Bearer ${editToken}` })
  })

  test('what is deleted, expired or hidden is in it no more', async () => {
    service.clock.advance(1_000)
    const [deleted, expired, hidden] = await Promise.all([
      service.create({ visibility: 'public' }),
      service.create({ visibility: 'public', expiresIn: 10 }),
      service.create({ visibility: 'public' }),
    ])
    const token = (paste: Created) => ({
      Authorization: `Bearer ${paste.editToken}`,
      'Content-Type': 'application/json',
    })
    await service.request(`DELETE /api/v1/pastes/${deleted.slug}`, token(deleted))
    await service.request(`PATCH /api/v1/pastes/${hidden.slug}`, token(hidden), '{"visibility":"unlisted"}')
    service.clock.advance(10_000)
    const listed = slugs((await service.request('GET /api/v1/pastes?limit=100')).json())
    for (const { slug } of [deleted, expired, hidden]) expect(listed).not.toContain(slug)
  })

  test('what is made public is in it at the time it was made', async () => {
    const paste = await service.create()
    service.clock.advance(1_000)
    const newer = await service.create({ visibility: 'public' })
    const fields = { Authorization: `Bearer ${paste.editToken}`, 'Content-Type': 'application/json' }
    await service.request(`PATCH /api/v1/pastes/${paste.slug}`, fields, '{"visibility":"public"}')
    expect(slugs((await service.request('GET /api/v1/pastes?limit=2')).json())).toEqual([newer.slug, paste.slug])
  })

  test('it never holds an edit token', async () => {
    expect((await service.request('GET /api/v1/pastes?limit=100')).text()).not.toContain('oken')
  })
})
