import { describe, expect, test } from 'vitest'
import type { Service } from './service.ts'

/** Registers, as the last of a suite, the facts that hold whatever clients did before. */
export function afterwards(service: Service): void {
  describe('afterwards', () => {
    test('a create and its read work', async () => {
      const { slug } = await service.create({ content: 'still here' })
      expect((await service.request(`GET /raw/${slug}`)).text()).toBe('still here')
    })

    test('nothing was thrown past the handlers', () => {
      expect(service.crashes).toEqual([])
    })

    test('no upload is left half-way', async () => {
      const uploading = async () => (await rows(service)).filter((row) => row.state === 'uploading')
      await expect.poll(uploading).toEqual([])
      expect(await service.backing.unfinished()).toEqual([])
    })

    test('the rows are those that were acknowledged', async () => {
      const slugs = (await rows(service)).map((row) => `${row.slug}`)
      expect(slugs.toSorted()).toEqual([...service.made].toSorted())
    })

    test('every object has a row that names it, and every row its object', async () => {
      await expect
        .poll(async () => (await storedKeys(service)).toSorted())
        .toEqual((await namedKeys(service)).toSorted())
    })
  })
}

/** Every row of a paste: not those by which objects are removed a second time. */
async function rows({ app }: Service) {
  const columns = ['slug', 'state', 'object_key', 'pending_key', 'garbage'] as const
  const all = await app.backends.database.db.selectFrom('pastes').select(columns).execute()
  return all.filter(({ slug }) => !`${slug}`.startsWith('~'))
}

/** The object keys that some row names: as its content, as an edit under way, as garbage for the sweeper. */
async function namedKeys(service: Service): Promise<string[]> {
  const keys = (await rows(service)).map((row) => [row.object_key, row.pending_key, row.garbage].filter(Boolean).join())
  return keys.flatMap((joined) => joined.split(',')).filter((key) => key !== '')
}

async function storedKeys({ app }: Service): Promise<string[]> {
  return (await Array.fromAsync(app.backends.store.list())).map(({ key }) => key)
}
