import { isAppError } from '../../../src/core/index.ts'
import type { World } from '../../paste/world.ts'
import { type cuttable, FATES } from './cuttable.ts'

/** What a request got: an acknowledgement, or the code of its error. */
export type Outcome<Ack> = { ack: Ack; code?: undefined } | { ack?: undefined; code: string }

/** Two requests that compete: one whose writes are cut, and one that comes while the other waits for an answer. */
export type Race<Ack> = {
  act(replica: ReturnType<World['replica']>, who: 'cut' | 'rival'): Promise<Ack>
  /** Runs once both are over and all that was sent is carried out. */
  check(outcomes: { cut: Outcome<Ack>; rival: Outcome<Ack> }): Promise<void>
}

/** Runs a race once for each write of the first request and each fate of it. All of it happens in one millisecond. */
export async function everyCut<Ack>(
  world: World,
  cutter: ReturnType<typeof cuttable>,
  begin: () => Promise<Race<Ack>>,
): Promise<void> {
  const cutReplica = world.replica(cutter.handle)
  const rivalReplica = world.replica()
  for (const fate of FATES)
    for (let number = 1, isCut = true; isCut; number++) {
      const { act, check } = await begin()
      let rival: Outcome<Ack> | undefined
      const meanwhile = async () => {
        rival = await outcomeOf(act(rivalReplica, 'rival'))
      }
      cutter.arm({ number, fate, meanwhile })
      const cut = await outcomeOf(act(cutReplica, 'cut'))
      if (rival === undefined) await meanwhile()
      isCut = await cutter.disarm()
      const outcomes = { cut, rival: rival as unknown as Outcome<Ack> }
      await check(outcomes).catch((error: Error) => {
        error.message = `write ${number} ${fate}, ${JSON.stringify(outcomes)}: ${error.message}`
        throw error
      })
    }
}

async function outcomeOf<Ack>(request: Promise<Ack>): Promise<Outcome<Ack>> {
  try {
    return { ack: await request }
  } catch (error) {
    if (!isAppError(error)) throw error
    return { code: error.code }
  }
}
