import type { Recording, Sketches } from '../recording/index.ts'
import type { Step } from './course.ts'
import { nowOf } from './now.ts'
import { figuresOf } from './replicas.ts'
import { requestsOf } from './requests.ts'
import type { Live, Series } from './schema.ts'

/** What one replica recorded in a time of so many seconds. */
export type Latest = { recording: Recording; seconds: number }

/** One event of the live stream at `at` (epoch ms), of what is known latest of each replica. */
export function livePoint(latest: readonly Latest[], at: number, sketches: Sketches): Live {
  // Rates are per second whatever the time they are of, so those of all replicas add up.
  const each = latest.map(({ recording, seconds }) => requestsOf([{ recordings: [recording], seconds }], sketches))
  const together: Step[] = [{ recordings: latest.map(({ recording }) => recording), seconds: 1 }]
  const { p50Ms, p90Ms, p99Ms, p999Ms } = lastValues(requestsOf(together, sketches))
  const total = (
    figure: 'perSecond' | 'errorsPerSecond' | 'refusedPerSecond' | 'bytesInPerSecond' | 'bytesOutPerSecond',
  ) => each.reduce((sum, one) => sum + (one[figure][0] ?? 0), 0)
  const perSecond = total('perSecond')
  const { saturated } = nowOf(
    latest.map(({ recording }) => recording),
    1,
    sketches,
  )
  return {
    at,
    now: {
      requestsPerSecond: perSecond,
      errorShare: perSecond === 0 ? 0 : total('errorsPerSecond') / perSecond,
      p99Ms,
      saturated,
    },
    requests: {
      perSecond,
      errorsPerSecond: total('errorsPerSecond'),
      refusedPerSecond: total('refusedPerSecond'),
      p50Ms,
      p90Ms,
      p99Ms,
      p999Ms,
      bytesInPerSecond: total('bytesInPerSecond'),
      bytesOutPerSecond: total('bytesOutPerSecond'),
    },
    perReplica: latest.flatMap(({ recording, seconds }) =>
      recording.replicas.map((replica) => {
        const step = { recordings: [recording], seconds }
        return { name: replica.name, ...lastValues(figuresOf([step], [[replica]], sketches)) }
      }),
    ),
  }
}

/** The one value of each series. */
function lastValues<Name extends string>(series: Record<Name, Series>): Record<Name, number | null> {
  const values = Object.entries<Series>(series).map(([name, list]) => [name, list.at(-1) ?? null])
  return Object.fromEntries(values) as Record<Name, number | null>
}
