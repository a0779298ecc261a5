import { setTimeout as delay } from 'node:timers/promises'
import { until } from '../../blackbox/client.ts'
import type { PlannedFault } from './fault-plan.ts'
import { INJECTIONS, type InjectionDeps } from './injections.ts'
import type { FaultRecord, Ledger, Part } from './ledger.ts'
import { now } from './perform.ts'
import type { HurtReplica, System } from './system.ts'

const READY_WITHIN_MS = 30_000

/** Injects planned faults; those of the same part wait for each other. */
export type Injector = {
  /** Runs through the plan from now on; resolves when the last fault is over and every replica is ready. */
  run(plan: readonly PlannedFault[]): Promise<void>
  /** Stops looking after the processes: from now on they may end. */
  release(): void
}

/** Watches the replicas from now on: one that ends without being asked to is a mishap. */
export function createInjector(system: System, ledger: Ledger): Injector {
  const deps: InjectionDeps = { ledger, expectedDown: new Set() }
  let released = false
  const watch = async (replica: HurtReplica) => {
    for (;;) {
      const code = await replica.service.ended()
      if (released) return
      if (!deps.expectedDown.has(replica)) {
        ledger.mishaps.push(`the replica at ${replica.url} ended by itself with ${code}`)
        return
      }
      await until(
        async () => deps.expectedDown.has(replica) || released,
        (is) => released || !is,
        READY_WITHIN_MS,
      )
    }
  }
  for (const replica of system.replicas) void watch(replica).catch(() => {})

  async function inject(fault: PlannedFault): Promise<void> {
    const record: FaultRecord = {
      name: fault.name,
      part: fault.part,
      replicas: fault.replicas,
      startedAt: now(),
      endedAt: Number.POSITIVE_INFINITY,
    }
    ledger.faults.push(record)
    await INJECTIONS[fault.name](system, fault, deps)
    record.endedAt = now()
  }

  return {
    async run(plan) {
      const beginning = now()
      const chains = new Map<Part, Promise<void>>()
      for (const fault of plan) {
        const before = chains.get(fault.part) ?? Promise.resolve()
        const turn = delay(Math.max(0, beginning + fault.at - now()))
        chains.set(
          fault.part,
          Promise.all([before, turn]).then(() => inject(fault)),
        )
      }
      await Promise.all(chains.values())
      await Promise.all(system.replicas.map(isReady))
    },
    release() {
      released = true
    },
  }
}

/** Waits until a replica says that it and all its parts are well. */
async function isReady({ url }: HurtReplica): Promise<void> {
  const ask = async () => (await fetch(`${url}/health/ready`).catch(() => undefined))?.status
  await until(ask, (status) => status === 200, READY_WITHIN_MS)
}
