import { type Clock, inBackground, type Logger, randomBelow } from '../core/index.ts'
import { createSweeper, type Sweepable } from '../expiry/index.ts'
import type { Config } from '../settings/index.ts'
import type { Backends } from './backends.ts'
import type { Recording } from './recording.ts'

/** Starts to sweep what the rooms name; what was swept is recorded, and the embedded database's log put away. */
export function startSweeper(
  targets: readonly Sweepable<unknown>[],
  deps: { config: Config; backends: Backends; recording: Recording; clock: Clock; logger: Logger },
): ReturnType<typeof createSweeper> {
  const { config, backends, recording, clock, logger } = deps
  return createSweeper([...targets], {
    cron: config.sweepSchedule,
    clock,
    logger,
    randomBelow,
    onSwept(result) {
      recording.swept(result)
      inBackground(backends.checkpoint)
    },
  })
}
