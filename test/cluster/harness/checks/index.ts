import type { Check, Ledger, Violation } from '../ledger.ts'
import { readingsAreCounted } from './claims.ts'
import { contentIsWhole } from './content.ts'
import { cachesForget, deletedIsGone, expiredIsGone } from './ended.ts'
import { nothingIsLost } from './lost.ts'
import { madeOnce } from './once.ts'
import { contentHasOneHistory } from './register.ts'
import { statusesAreRight } from './statuses.ts'
import { slugsAreFreed } from './taken.ts'

const CHECKS: readonly Check[] = [
  nothingIsLost,
  contentIsWhole,
  contentHasOneHistory,
  expiredIsGone,
  deletedIsGone,
  cachesForget,
  readingsAreCounted,
  madeOnce,
  slugsAreFreed,
  statusesAreRight,
  ({ mishaps }) => mishaps.map((message) => ({ check: 'processes', message, operations: [] })),
]

/** Every violation of every promise that a ledger shows. */
export function violationsOf(ledger: Ledger): Violation[] {
  return CHECKS.flatMap((check) => check(ledger))
}
