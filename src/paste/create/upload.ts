import type { Content, StoredContent } from '../../content/index.ts'
import { AppError, type Clock } from '../../core/index.ts'
import type { Body } from '../model/index.ts'
import { LEASE_MS } from '../rows/index.ts'
import { joined, type SmallBody } from './small-body.ts'

/**
 * Streams a body into the store under `objectKey` while `renew` keeps the row's lease. When a renewal finds the lease
 * gone, the upload is over: another replica may already have removed what was written. Throws what the body, the
 * store and the limits throw; nothing of the object is left then, as far as the store could be reached.
 */
export async function upload(
  deps: { content: Content; clock: Clock; limits: { maxPasteBytes: number } },
  body: Body,
  small: SmallBody,
  objectKey: string,
  renew: () => Promise<number>,
): Promise<StoredContent> {
  const lost = new AbortController()
  const placeLost = () => new AppError('overloaded', { detail: 'The upload lost its place. Send it again.' })
  let leaseUntil = deps.clock.now() + LEASE_MS
  const timer = setInterval(() => {
    const askedAt = deps.clock.now()
    renew().then(
      (renewed) => {
        if (renewed === 0) lost.abort(placeLost())
        else leaseUntil = askedAt + LEASE_MS
      },
      // A database that can't be reached now may be back before the lease is over; the last statement decides.
      () => {},
    )
  }, LEASE_MS / 3)
  timer.unref()
  try {
    return await deps.content.receive(joined(small), {
      objectKey,
      limitBytes: deps.limits.maxPasteBytes,
      claim: { mediaType: body.mediaType, fileName: body.fileName },
      expectedBytes: body.expectedBytes,
      expectedSha256: body.expectedSha256,
      // A process that was frozen finds the time gone before its timers tell it: what it wrote would be nobody's.
      beforeCommit: () => {
        if (deps.clock.now() >= leaseUntil) throw placeLost()
      },
      signal: body.signal ? AbortSignal.any([lost.signal, body.signal]) : lost.signal,
    })
  } finally {
    clearInterval(timer)
  }
}
