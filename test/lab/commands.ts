import { fileURLToPath } from 'node:url'
import { compareRuns } from '../../src/analytics/runs/compare.ts'
import type { Run } from '../../src/analytics/runs/schema.ts'
import type { LabOptions } from './arguments.ts'
import { type Experiment, experiment } from './experiment.ts'
import { type Ground, prepareGround } from './ground.ts'
import { k6Script } from './k6.ts'
import { startMetronome } from './metronome.ts'
import { type LoadedProfile, loadProfile } from './profile.ts'
import { createTeller, type Teller } from './progress.ts'
import { sendRun } from './recordings.ts'
import { describeComparison, describeRun, describeRuns } from './report.ts'
import { openRuns } from './runs.ts'
import { openTarget, type System } from './system.ts'
import { openSystems } from './systems.ts'

const FOLDER = fileURLToPath(new URL('../../lab-runs', import.meta.url))
const SEED = 1

/** `lab list`. */
export function listCommand(): void {
  const runs = openRuns(FOLDER).all()
  process.stdout.write(runs.length > 0 ? `${describeRuns(runs)}\n` : 'There are no runs yet.\n')
}

/** `lab compare A B`. Throws when a side is missing or unknown. */
export function compareCommand([a, b, ...others]: string[]): void {
  if (a === undefined || b === undefined || others.length > 0)
    throw new Error('compare wants two sides: ids or names of runs, several with commas')
  const runs = openRuns(FOLDER)
  process.stdout.write(`${describeComparison(compareRuns(runs.find(a), runs.find(b)))}\n`)
}

/** `lab k6`: makes the population on the target, and writes a script that puts the same load on it. */
export async function k6Command(options: LabOptions): Promise<void> {
  const { where, seed, adminToken } = options
  if (where.kind !== 'target') throw new Error('k6 wants a --target: its script names pastes that are there')
  const loaded = adjusted(loadProfile(options.profile), options)
  const system = openTarget(where.url, adminToken)
  const { world, close } = await prepareGround(loaded, system, seed ?? loaded.profile.seed ?? SEED, () => {})
  await close()
  process.stdout.write(k6Script(loaded.profile, system.url, world.population))
}

type Side = { name: string; system: System; ground: Ground | undefined; runs: Run[] }

/** Runs a profile as often as wanted, on one system or on two in turn. Throws when `signal` ends it. */
export async function runCommand(options: LabOptions, signal: AbortSignal): Promise<void> {
  const loaded = adjusted(loadProfile(options.profile), options)
  const teller = createTeller(process.stderr, () => performance.now())
  const systems = openSystems(options, loaded.profile, (words) => teller.say(words))
  const metronome = await startMetronome()
  const sides: Side[] = []
  const seed = options.seed ?? loaded.profile.seed ?? SEED
  try {
    for (const { name, settings } of sidesOf(options, loaded))
      sides.push({ name, system: await systems.start(settings), ground: undefined, runs: [] })
    const isDone = () => sides.every(({ runs }) => runs.filter((run) => run.void === null).length >= options.repeat)
    // A run that is void is done again, and the other side with it; not for ever on a machine that has no time.
    const rounds = options.repeat > 1 ? 2 * options.repeat : 1
    for (let repetition = 0; repetition < rounds && !isDone(); repetition++)
      // In turn, and each first as often as the other: what the machine does meanwhile meets both.
      for (const side of repetition % 2 === 0 ? sides : sides.toReversed()) {
        const { name, system } = side
        const ground = await groundOf(side, loaded, seed, teller)
        teller.say(`${name}, run ${repetition + 1}, seed ${seed + repetition}: ${system.name}`)
        const heard = { name, seed: seed + repetition, metronome, signal, ...hearing(teller) }
        const done = await experiment(loaded, system, ground, heard)
        side.runs.push(done.run)
        await keep(done, system, options, teller)
      }
    const [a, b] = sides
    if (a && b) process.stdout.write(`\n${describeComparison(compareRuns(a.runs, b.runs))}\n`)
  } finally {
    for (const { system, ground } of sides) {
      await ground?.close()
      await system.stop()
    }
    await systems.stop()
    await metronome.stop()
  }
}

/** The pastes of a side: those of the run before, unless it has used them up. */
async function groundOf(side: Side, loaded: LoadedProfile, seed: number, teller: Teller): Promise<Ground> {
  const { arrivals, population } = loaded.profile
  const isUsedUp =
    arrivals.bursts !== undefined || population.maxViews !== undefined || population.expires !== undefined
  if (side.ground && !isUsedUp) return side.ground
  await side.ground?.close()
  side.ground = await prepareGround(loaded, side.system, seed, (words) => teller.say(`${side.name}: ${words}`))
  return side.ground
}

function sidesOf({ ab, name, settings }: LabOptions, { profile }: LoadedProfile) {
  const base = name ?? profile.name
  if (!ab) return [{ name: base, settings }]
  return ab.map((side) => {
    const told = Object.entries(side).map(([setting, value]) => `${setting}=${value}`)
    return { name: `${base} ${told.join(' ') || 'as it is'}`, settings: { ...settings, ...side } }
  })
}

function adjusted({ profile, text }: LoadedProfile, { rate, seconds }: LabOptions): LoadedProfile {
  const { rates, ladder, bursts, ...arrivals } = profile.arrivals
  const paces = bursts ? { bursts } : rate ? { rates: [rate] } : { ...(rates && { rates }), ...(ladder && { ladder }) }
  return { text, profile: { ...profile, arrivals: { ...arrivals, ...paces, ...(seconds && { seconds }) } } }
}

function hearing(teller: Teller) {
  return { onPhase: teller.say, onProgress: teller.progress, onStep: teller.step }
}

async function keep({ run, crowds }: Experiment, system: System, options: LabOptions, teller: Teller): Promise<void> {
  const file = openRuns(FOLDER).save(run)
  process.stdout.write(`\n${describeRun(run, crowds)}\n`)
  if (options.adminToken !== undefined) teller.say(await sendRun(system, run).catch((error) => `not sent: ${error}`))
  process.stdout.write(`Stored: ${file}\n\n`)
}
