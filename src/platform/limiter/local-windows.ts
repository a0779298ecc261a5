import { LRUCache } from 'lru-cache'
import { type Decision, decide, type Limit, oldestSlot, type SlotUse, slotAt } from './window.ts'

/** Counts in this process alone. */
export type LocalWindows = {
  /** Takes `cost` units for `key` if they are there. */
  take(key: string, cost: number, nowMs: number): Decision
  /** Gives back what was taken in a slot, as far as the slot is still counted. */
  giveBack(key: string, slot: number, units: number): void
}

/** Bounds memory: some 10 MB when full. Who is pushed out begins afresh. */
const MOST_CLIENTS = 20_000

/** Windows for the clients that came last. */
export function createLocalWindows(limit: Limit): LocalWindows {
  const clients = new LRUCache<string, SlotUse[]>({ max: MOST_CLIENTS })
  return {
    take(key, cost, nowMs) {
      const uses = clients.get(key) ?? []
      const oldest = oldestSlot(slotAt(nowMs, limit))
      while (uses[0] && uses[0].slot < oldest) uses.shift()
      const decision = { ...decide(uses, nowMs, limit, cost), isShared: false }
      if (decision.allowed && cost > 0) {
        const last = uses.at(-1)
        if (last?.slot === decision.slot) last.used += cost
        else uses.push({ slot: decision.slot, used: cost })
        clients.set(key, uses)
      }
      return decision
    },
    giveBack(key, slot, units) {
      const use = clients.get(key)?.find((candidate) => candidate.slot === slot)
      if (use) use.used = Math.max(use.used - units, 0)
    },
  }
}
