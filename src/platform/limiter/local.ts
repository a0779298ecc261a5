import { LRUCache } from 'lru-cache'
import { type Decision, decide, type Limit, oldestSlot, type SlotUse, slotAt } from './window.ts'

/** Counts in this process alone. */
export type LocalWindows = {
  /** Takes `cost` units for `key` if they are there. */
  take(key: string, cost: number, nowMs: number): Decision
}

/** Bounds memory: some 10 MB when full. Who is pushed out begins afresh. */
const MOST_CLIENTS = 20_000

/** Windows for the clients that came last. */
export function createLocalWindows(limit: Limit): LocalWindows {
  const clients = new LRUCache<string, SlotUse[]>({ max: MOST_CLIENTS })
  return {
    take(key, cost, nowMs) {
      const slot = slotAt(nowMs, limit)
      const uses = clients.get(key) ?? []
      while (uses[0] && uses[0].slot < oldestSlot(slot)) uses.shift()
      const decision = decide(uses, nowMs, limit, cost)
      if (decision.allowed && cost > 0) {
        const last = uses.at(-1)
        // A clock that was set back keeps counting in the newest slot.
        if (last && last.slot >= slot) last.used += cost
        else uses.push({ slot, used: cost })
        clients.set(key, uses)
      }
      return decision
    },
  }
}
