import { interleave } from '../interleave.ts'
import { processMs } from '../machine.ts'
import type { Result } from '../result.ts'
import { wrk } from '../wrk.ts'
import type { LoadedSystem, Systems } from './systems.ts'

const REPETITIONS = 7
const LOAD = { connections: 16, seconds: 2 }

/** What wrk is to send to each. */
type Work = { name: string; mode: 'paths' | 'bodies'; files: Record<'sharded' | 'direct', string>; goal: number }

/**
 * Requests a second, and requests for each second of CPU time that all the parts behind take: the second figure is the
 * same however busy the machine is with other things.
 */
export async function compare({ sharded, direct }: Systems, work: Work): Promise<Result[]> {
  const forCpu = { ours: [] as number[], reference: [] as number[] }
  const contender = (system: LoadedSystem, file: string, samples: number[]) => ({
    pid: system.pid,
    async measure() {
      const before = cpuMs(system)
      const { perSecond, requests } = await wrk({ ...LOAD, port: system.port, mode: work.mode, file })
      samples.push((requests * 1_000) / (cpuMs(system) - before))
      return perSecond
    },
  })
  const perSecond = await interleave(
    {
      ours: contender(sharded, work.files.sharded, forCpu.ours),
      reference: contender(direct, work.files.direct, forCpu.reference),
    },
    REPETITIONS,
  )
  const last = (samples: readonly number[]) => samples.slice(-REPETITIONS)
  return [
    {
      work: `${work.name} through vtgate`,
      unit: '/s',
      ours: perSecond.ours,
      reference: { name: 'one server', samples: perSecond.reference },
      goals: [{ ofReference: work.goal }],
    },
    {
      work: `${work.name} for each second of CPU time of all parts`,
      unit: '/s',
      ours: last(forCpu.ours),
      reference: { name: 'one server', samples: last(forCpu.reference) },
      goals: [],
    },
  ]
}

function cpuMs({ pids }: LoadedSystem): number {
  return pids.reduce((total, pid) => total + processMs(pid).own, 0)
}
