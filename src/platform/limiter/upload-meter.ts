import type { Limiter } from './limiter.ts'
import type { Decision } from './window.ts'

/** The bytes of one request's body, counted against what its client may upload. */
export type UploadMeter = {
  /** Takes what is declared, or the first part of a body of unknown length. */
  begin(): Promise<Decision>
  /**
   * Counts bytes that came. Where they go past what was taken, gives a promise of more; reading waits for it. It
   * rejects with what `refuse` makes when there is no more.
   */
  pass(bytes: number): Promise<void> | undefined
  /** Gives back what was taken and did not come. Nothing may be counted after it. */
  end(): void
}

/** A body of unknown length takes this much at a time: one question for Redis in each MiB. */
const PART_BYTES = 1024 * 1024

/**
 * Takes units before the bytes are read, so that any number of uploads at once, on any number of replicas, stay within
 * the limit; gives back what an upload that ended early, or in the middle of a part, left over. `onDecision`
 * gets every decision.
 */
export function createUploadMeter(deps: {
  limiter: Limiter
  client: string
  /** Undefined for a chunked body. */
  declaredBytes: number | undefined
  onDecision(decision: Decision): void
  refuse(decision: Decision): Error
}): UploadMeter {
  const { limiter, client } = deps
  const taken: { decision: Decision; bytes: number }[] = []
  let takenBytes = 0
  let passedBytes = 0
  let asking: Promise<void> | undefined
  let ended = false

  async function take(bytes: number): Promise<Decision> {
    const decision = await limiter.take(client, bytes)
    deps.onDecision(decision)
    if (!decision.allowed) return decision
    if (ended) limiter.giveBack(client, decision, bytes)
    else {
      taken.push({ decision, bytes })
      takenBytes += bytes
    }
    return decision
  }

  async function takeMore(): Promise<void> {
    while (passedBytes > takenBytes && !ended) {
      const decision = await take(PART_BYTES)
      if (!decision.allowed) throw deps.refuse(decision)
    }
  }

  return {
    begin: () => take(deps.declaredBytes ?? PART_BYTES),
    pass(bytes) {
      passedBytes += bytes
      if (passedBytes > takenBytes)
        asking ??= takeMore().finally(() => {
          asking = undefined
        })
      return asking
    },
    end() {
      ended = true
      for (const { decision, bytes } of taken.reverse()) {
        const unused = Math.min(bytes, takenBytes - passedBytes)
        if (unused <= 0) return
        limiter.giveBack(client, decision, unused)
        takenBytes -= unused
      }
    },
  }
}
