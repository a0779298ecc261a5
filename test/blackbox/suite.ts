import { changeSuite } from './suite-change.ts'
import { createSuite } from './suite-create.ts'
import { expirySuite } from './suite-expiry.ts'
import { listSuite } from './suite-list.ts'
import { raceSuite } from './suite-race.ts'
import { readSuite } from './suite-read.ts'
import { repeatSuite } from './suite-repeat.ts'

/**
 * Where a service answers, without trailing slashes: two replicas of it, or twice the same process. What is done at
 * `one` must hold at `other` at once, but for what a delete or an edit may be late: {@link SEEN_WITHIN_MS}. `balanced`
 * where both are the address of a load balancer: then `one`, too, may be another replica at every request.
 */
export type Replicas = { one: string; other: string; balanced?: boolean }

/** Everything that a client can rely on, whatever the service is built on; it runs with `MIN_EXPIRY=1s`. */
export function serviceSuite(replicas: () => Replicas): void {
  createSuite(replicas)
  readSuite(replicas)
  changeSuite(replicas)
  repeatSuite(replicas)
  raceSuite(replicas)
  expirySuite(replicas)
  listSuite(replicas)
}
