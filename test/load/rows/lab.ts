import { mkdirSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { frontBlock } from '../../cluster/front.ts'
import { createContents } from '../../lab/contents.ts'
import { createLanes } from '../../lab/lanes.ts'
import { startMetronome } from '../../lab/metronome.ts'
import { makeSchedule } from '../../lab/schedule.ts'
import { runStep } from '../../lab/step.ts'
import type { World } from '../../lab/world.ts'
import { startNginx } from '../../services/index.ts'
import { uploadMany } from '../client.ts'
import { write } from '../files.ts'
import { interleave } from '../interleave.ts'
import { childrenOf, pin, SERVER_CORE } from '../machine.ts'
import type { Result, Row } from '../result.ts'
import { startFileServer, startService } from '../servers.ts'
import { wrk } from '../wrk.ts'

const SIZE_BYTES = 4096
const CONNECTIONS = 64
const SECONDS = 3
/** More than a replica behind nginx answers, or than the generator can ask for: what is answered then is the most. */
const FLOOD_PER_SECOND = { beside: 30_000, ceiling: 45_000 }
const MIX = [{ operation: 'read' as const, share: 1, choice: 'one' as const }]

/** How many small reads the load lab gets answered, next to wrk, and how many it could send at most. */
export const lab: Row = {
  name: 'lab',
  onlyWhenNamed: true,
  async run(folder) {
    if (cpus().length < 2) throw new Error('wants two cores')
    return [await besideWrk(join(folder, 'beside')), await ceiling(join(folder, 'ceiling'))]
  },
}

/** Behind nginx, so that the server is what is slow: a bare replica answers more than one core of Node can check. */
async function besideWrk(folder: string): Promise<Result> {
  await using service = await startService(join(folder, 'ours'))
  const nginx = await startNginx(frontBlock([`127.0.0.1:${service.port}`]))
  try {
    for (const pid of childrenOf(nginx.pid)) pin(pid, SERVER_CORE)
    const contents = createContents('log', 'bench')
    const body = Buffer.concat(contents.pieces(0, SIZE_BYTES))
    const [slug = ''] = await uploadMany(service.port, [body])
    const paths = write(folder, 'paths', [`/raw/${slug}`])
    // What the lab's client says, too: the server reads it.
    const headers = { 'Accept-Encoding': 'identity', Connection: 'keep-alive' }
    const load = { port: nginx.port, connections: CONNECTIONS, seconds: SECONDS, headers }
    const paced = { ...load, mode: 'paths' as const, file: paths }
    const { ours, reference } = await interleave(
      {
        ours: { pid: service.pid, measure: () => flood(nginx.port, slug, FLOOD_PER_SECOND.beside) },
        reference: { pid: service.pid, measure: async () => (await wrk(paced)).perSecond },
      },
      5,
    )
    return {
      work: 'hot reads through nginx, as the lab measures them',
      unit: '/s',
      ours,
      reference: { name: 'wrk', samples: reference },
      goals: [{ ofReference: 0.9 }],
      note: 'every body checked by SHA-256',
    }
  } finally {
    await nginx.stop()
  }
}

/** Files of nginx, which answers more than the generator can ask for. */
async function ceiling(folder: string): Promise<Result> {
  mkdirSync(join(folder, 'raw'), { recursive: true })
  write(join(folder, 'raw'), 'file', Buffer.concat(createContents('log', 'bench').pieces(0, SIZE_BYTES)))
  await using server = await startFileServer(folder)
  const ours: number[] = []
  for (let repetition = 0; repetition < 3; repetition++)
    ours.push(await flood(server.port, 'file', FLOOD_PER_SECOND.ceiling))
  return {
    work: 'the most small reads that the lab can send and check',
    unit: '/s',
    ours,
    goals: [{ atLeast: 10_000 }],
  }
}

/** Offers more than can be answered; gives what was answered rightly in a second. */
async function flood(port: number, slug: string, perSecond: number): Promise<number> {
  const contents = createContents('log', 'bench')
  const lanes = createLanes(`http://127.0.0.1:${port}`, CONNECTIONS)
  const metronome = await startMetronome()
  const known = { slug, sha256: contents.sha256(0, SIZE_BYTES), sizeBytes: SIZE_BYTES, editToken: '', expiresAt: null }
  const world: World = {
    lanes: () => lanes,
    contents,
    population: [known],
    made: [],
    winners: new Uint32Array(1),
    now: Date.now,
  }
  const profile = { arrivals: { process: 'even' as const, seconds: SECONDS }, mix: MIX, population: { pastes: 1 } }
  const schedule = makeSchedule({ profile, seed: 1, perSecond, seconds: SECONDS })
  const deps = { metronome, monotonic: () => performance.now(), drainMs: 0, graceMs: 0 }
  try {
    const { tally, goodInTime } = await runStep(world, MIX, schedule, deps)
    if (tally.figures().wrongBodies > 0) throw new Error('a body was wrong')
    return goodInTime / SECONDS
  } finally {
    await lanes.destroy()
    await metronome.stop()
  }
}
