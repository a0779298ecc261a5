// Prints, as JSON, the files of src/ that each request of src/README.md enters, in the order in which they are first
// entered. V8's precise coverage counts calls; a file counts when one of its functions ran between request and answer.
import { mkdtempSync, rmSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createApp } from '../../src/app.ts'
import { systemClock, systemRandom } from '../../src/core/index.ts'
import { createLogger } from '../../src/platform/index.ts'
import { loadConfig } from '../../src/settings/index.ts'

const source = fileURLToPath(new URL('../../src', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'pastebin-walks-'))
const session = new Session()
session.connect()
await session.post('Profiler.enable')
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })

const config = loadConfig({ DATA_DIR: folder, PORT: '0', SWEEP_SCHEDULE: '0 0 1 1 *' })
const logger = createLogger({ level: 'silent', pretty: false })
const app = await createApp({ config, logger, clock: systemClock, random: systemRandom, version: 'walks' })
const address = await app.start()

/** The files whose functions run while `work` does, without those that run anyway (timers). */
async function walk(work: () => Promise<unknown>): Promise<string[]> {
  await session.post('Profiler.takePreciseCoverage')
  await work()
  const { result } = await session.post('Profiler.takePreciseCoverage')
  return result
    .filter(
      ({ url, functions }) => url.startsWith('file:') && functions.some(({ ranges }) => (ranges[0]?.count ?? 0) > 0),
    )
    .map(({ url }) => relative(source, fileURLToPath(url)))
    .filter((path) => !path.startsWith('..'))
    .toSorted()
}

const create = (text: string) =>
  fetch(`${address}/api/v1/pastes`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ content: text }),
  }).then((answer) => answer.json() as Promise<{ slug: string }>)
const read = (path: string, accept = '*/*') =>
  fetch(`${address}${path}`, { headers: { accept } }).then((answer) => answer.text())

const text = 'one line of text\n'.repeat(240)
// Loads what is loaded once: schemas, pages, grammars, statements.
const { slug: warm } = await create(text)
await read(`/api/v1/pastes/${warm}/content`)
await read(`/${warm}`, 'text/html')

let slug = ''
const walks = {
  create: await walk(async () => {
    ;({ slug } = await create(text))
  }),
  read: [] as string[],
  page: [] as string[],
}
await new Promise((resolve) => setImmediate(resolve))
walks.read = await walk(() => read(`/api/v1/pastes/${slug}/content`))
walks.page = await walk(() => read(`/${slug}`, 'text/html'))
process.stdout.write(`${JSON.stringify(walks, null, 2)}\n`)
await app.stop()
session.disconnect()
rmSync(folder, { recursive: true })
