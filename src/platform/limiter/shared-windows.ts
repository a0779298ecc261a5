import { type Decision, decide, type Limit, oldestSlot, SLOTS, type SlotUse, slotAt, slotMs } from './window.ts'

/** What the limiter needs of Redis: `undefined` when it is not available. */
export type ScriptRunner<Script> = {
  run(script: Script, keys: string[], args: (string | number)[]): Promise<unknown>
}

/**
 * The same window as a Redis hash of slot → use. The time is Redis's own, so replicas whose clocks differ agree. Gives
 * [now in ms, slot, use, slot, use, …] as it was before this request.
 */
export const TAKE_SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local count, slot_ms, slots, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local slot = math.floor(now / slot_ms)
local uses = redis.call('HGETALL', KEYS[1])
local reply, used = { tostring(now) }, 0
for i = 1, #uses, 2 do
  if tonumber(uses[i]) < slot - slots or tonumber(uses[i]) > slot + slots then
    redis.call('HDEL', KEYS[1], uses[i])
  else
    used = used + tonumber(uses[i + 1])
    reply[#reply + 1] = uses[i]
    reply[#reply + 1] = uses[i + 1]
  end
end
if cost > 0 and used + cost <= count then
  redis.call('HINCRBY', KEYS[1], string.format('%d', slot), cost)
  redis.call('PEXPIRE', KEYS[1], math.ceil(slot_ms * (slots + 1)))
end
return reply
`

/** Gives units of one slot back, as far as it has any: it may have left the window, or Redis may have been emptied. */
export const GIVE_BACK_SCRIPT = `
local used = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0')
if used > 0 then redis.call('HINCRBY', KEYS[1], ARGV[1], string.format('%d', -math.min(used, tonumber(ARGV[2])))) end
return used
`

/**
 * Takes `cost` units for a key that all replicas count; undefined when Redis is not available, or answers what the script
 * can't have counted, which `refused` counts.
 */
export async function takeShared<Script>(
  redis: ScriptRunner<Script>,
  script: Script,
  key: string,
  limit: Limit,
  cost: number,
  refused?: () => void,
): Promise<Decision | undefined> {
  const reply = await redis.run(script, [key], [limit.count, slotMs(limit), SLOTS, cost])
  if (reply === undefined) return undefined
  const counted = checkedReply(reply, limit)
  if (counted === undefined) {
    refused?.()
    return undefined
  }
  return { ...decide(counted.uses, counted.now, limit, cost), isShared: true }
}

/** The time and the slots of a reply, oldest first; a slot beyond the window by more than its length is not ours. */
function checkedReply(reply: unknown, limit: Limit): { now: number; uses: SlotUse[] } | undefined {
  if (!Array.isArray(reply) || reply.length % 2 === 0) return undefined
  const [now, ...flat] = reply.map(Number)
  if (now === undefined || ![now, ...flat].every((figure) => Number.isSafeInteger(figure) && figure >= 0))
    return undefined
  const current = slotAt(now, limit)
  const uses: SlotUse[] = []
  for (let index = 0; index < flat.length; index += 2) {
    const [slot, used] = [flat[index] as number, flat[index + 1] as number]
    if (slot < oldestSlot(current) || slot > current + SLOTS) return undefined
    uses.push({ slot, used })
  }
  return { now, uses: uses.sort((a, b) => a.slot - b.slot) }
}
