import { join } from 'node:path'
import { exchange, headerOf, uploadMany } from '../client.ts'
import { smallBodies, write } from '../files.ts'
import { interleave } from '../interleave.ts'
import type { Result, Row } from '../result.ts'
import { type LoadedServer, startReference, startService } from '../servers.ts'
import { wrk } from '../wrk.ts'

const PASTES = 2_000
const BROWSER = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'Accept-Encoding': 'gzip, deflate, br, zstd' }

/** One paste of 4 KiB, over and over. */
export const hot: Row = {
  name: 'hot',
  run: (folder) => compare(folder, 1, (slug) => `/raw/${slug}`, {}, 'hot raw read 4 KiB', [{ ofReference: 0.75 }]),
}

/** Any of 2,000 pastes of 4 KiB. */
export const random: Row = {
  name: 'random',
  run: (folder) =>
    compare(folder, PASTES, (slug) => `/raw/${slug}`, {}, 'random raw read of 2,000', [{ ofReference: 0.6 }]),
}

/** The page of a paste of 4 KiB, as a browser asks for it, and what it weighs with its assets. */
export const page: Row = {
  name: 'page',
  async run(folder) {
    const rate = await compare(folder, 1, (slug) => `/${slug}`, BROWSER, 'page of a 4 KiB paste', [{ atLeast: 20_000 }])
    return [...rate, await weigh(folder)]
  },
}

async function compare(
  folder: string,
  pastes: number,
  pathOf: (slug: string) => string,
  headers: Record<string, string>,
  work: string,
  goals: Result['goals'],
): Promise<Result[]> {
  const [first = Buffer.alloc(0)] = smallBodies(1)
  await using service = await startService(join(folder, 'ours'))
  await using reference = await startReference('memory', { FILE: write(folder, 'body', first) })
  const slugs = await uploadMany(service.port, smallBodies(pastes))
  const ours = write(folder, 'paths', slugs.map(pathOf))
  const theirs = write(
    folder,
    'reference-paths',
    slugs.map((slug) => `/raw/${slug}`),
  )
  const load = ({ pid, port }: LoadedServer, file: string) => ({
    pid,
    measure: async () => (await wrk({ port, connections: 32, seconds: 2, mode: 'paths', file, headers })).perSecond,
  })
  const samples = await interleave({ ours: load(service, ours), reference: load(reference, theirs) }, 5)
  return [
    { work, unit: '/s', ours: samples.ours, reference: { name: 'bare route', samples: samples.reference }, goals },
  ]
}

async function weigh(folder: string): Promise<Result> {
  const [first = Buffer.alloc(0)] = smallBodies(1)
  await using service = await startService(join(folder, 'weight'))
  const [slug] = await uploadMany(service.port, [first])
  const sizes = new Map<string, number>()
  const visit = async (path: string): Promise<void> => {
    if (sizes.has(path)) return
    sizes.set(path, 0)
    const sent = await exchange(service.port, { method: 'GET', path, headers: BROWSER })
    if (sent.status !== 200) throw new Error(`${path} was answered ${sent.status}`)
    sizes.set(path, sent.bodyBytes)
    const plain = await exchange(service.port, { method: 'GET', path, headers: { Accept: BROWSER.Accept } })
    const isPage = headerOf(plain.head, 'content-type')?.startsWith('text/html')
    for (const found of linksOf(plain.body.toString(), isPage ?? false))
      await visit(new URL(found, `http://x${path}`).pathname)
  }
  await visit(`/${slug}`)
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  const note = `${sizes.get(`/${slug}`)} bytes of HTML, ${sizes.size} requests`
  return {
    work: 'its weight on the wire with assets',
    unit: 'KB',
    ours: [total / 1_000],
    goals: [{ atMost: 40 }],
    note,
  }
}

/** What a browser fetches by itself because of a page or a module. */
function linksOf(text: string, isPage: boolean): string[] {
  const pattern = isPage ? /(?:<link[^>]*\shref|<(?:script|img)[^>]*\ssrc)="?([^"\s>]+)/g : /\bfrom ?['"]([^'"]+)['"]/g
  return [...text.matchAll(pattern)].flatMap(([, address]) => (address?.match(/^[./]/) ? [address] : []))
}
