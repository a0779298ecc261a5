// Reads one paste at fixed times, whatever became of the reads before, and prints how long each took from the time it
// was due, ms: `node test/load/small-reads.ts PORT SLUG COUNT EVERY_MS`. A process of its own, and before all others
// where it may: a generator that also sends 50 MiB bodies would be late itself, and call it the server's.
import { setTimeout as delay } from 'node:timers/promises'
import { goFirst } from '../lab/go-first.ts'
import { exchange } from './client.ts'

const [port = 0, , count = 0, everyMs = 0] = process.argv.slice(2).map(Number)
const slug = process.argv[3] ?? ''
goFirst()
// The first few compile the code.
for (let number = 0; number < 20; number++) await read()
const startedAt = performance.now()
const took = await Promise.all(
  Array.from({ length: count }, async (_, number) => {
    const dueAt = startedAt + number * everyMs
    await delay(dueAt - performance.now())
    await read()
    return performance.now() - dueAt
  }),
)
process.stdout.write(`${JSON.stringify(took)}\n`)

async function read(): Promise<void> {
  const { status } = await exchange(port, { method: 'GET', path: `/raw/${slug}` }, false)
  if (status !== 200) throw new Error(`a small read was answered ${status}`)
}
