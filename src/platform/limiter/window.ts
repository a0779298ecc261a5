/** So many units in any period of `windowMs`. */
export type Limit = { count: number; windowMs: number }

/** Whether a request is within the limit, and the numbers for its headers. */
export type Decision = {
  allowed: boolean
  /** Units in one window. */
  limit: number
  /** Units left now. */
  remaining: number
  /** Until the whole limit is free again. */
  resetMs: number
  /** Until this request would be allowed; 0 when it is. */
  retryAfterMs: number
  /** The slot in which an allowed request was counted, and whether all replicas count it; for giving units back. */
  slot: number
  isShared: boolean
}

/** What was taken in one slot; the slot is its number since the epoch, in units of {@link slotMs}. */
export type SlotUse = { slot: number; used: number }

/** A window is counted in this many slots: the price is that up to 1/20 of a window more than the window counts. */
export const SLOTS = 20

/** The length of one slot. */
export function slotMs({ windowMs }: Limit): number {
  return windowMs / SLOTS
}

/** The number of the slot that holds an instant. */
export function slotAt(nowMs: number, limit: Limit): number {
  return Math.floor(nowMs / slotMs(limit))
}

/** The oldest slot that reaches into the window which ends in `slot`. */
export function oldestSlot(slot: number): number {
  return slot - SLOTS
}

/**
 * Judges a request that wants `cost` units; `uses` are the slots in the window, oldest first, before it takes them.
 * Slots that reach into the window count whole, so no period of one window ever holds more than the limit.
 */
export function decide(
  uses: readonly SlotUse[],
  nowMs: number,
  limit: Limit,
  cost: number,
): Omit<Decision, 'isShared'> {
  const used = uses.reduce((sum, use) => sum + use.used, 0)
  const allowed = used + cost <= limit.count
  // A clock that was set back keeps counting in the newest slot.
  const slot = Math.max(slotAt(nowMs, limit), uses.at(-1)?.slot ?? 0)
  const last = allowed && cost > 0 ? slot : uses.at(-1)?.slot
  return {
    slot,
    allowed,
    limit: limit.count,
    remaining: Math.max(limit.count - used - (allowed ? cost : 0), 0),
    resetMs: last === undefined ? 0 : freeIn(last, nowMs, limit),
    retryAfterMs: allowed ? 0 : waitFor(used + cost - limit.count, uses, nowMs, limit),
  }
}

/** Until the slot no longer reaches into the window. */
function freeIn(slot: number, nowMs: number, limit: Limit): number {
  return Math.max(Math.ceil((slot + SLOTS + 1) * slotMs(limit) - nowMs), 1)
}

/** Until `units` have left the window; a whole window if they never all can. */
function waitFor(units: number, uses: readonly SlotUse[], nowMs: number, limit: Limit): number {
  let freed = 0
  for (const { slot, used } of uses) {
    freed += used
    if (freed >= units) return freeIn(slot, nowMs, limit)
  }
  return limit.windowMs
}
