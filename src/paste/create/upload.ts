import type { Content, StoredContent } from '../../content/index.ts'
import { AppError, type Clock, every } from '../../core/index.ts'
import type { Body } from '../model/index.ts'
import { LEASE_MS } from '../rows/index.ts'
import { type BodyStart, joined } from './small-body.ts'

/**
 * Streams a body into the store under `objectKey` while `renew` prolongs the row's lease. A lost lease ends the upload:
 * another replica may already have removed the object. Throws errors of the body, the store and the limits, and then
 * leaves no object behind, as far as the store is reachable.
 */
export async function upload(
  deps: { content: Content; clock: Clock; limits: { maxPasteBytes: number } },
  body: Body,
  start: BodyStart,
  objectKey: string,
  renew: () => Promise<number>,
): Promise<StoredContent> {
  const lost = new AbortController()
  const leaseLost = () => new AppError('overloaded', { detail: 'The upload lost its lease. Send it again.' })
  let leaseUntil = deps.clock.now() + LEASE_MS
  const prolong = async () => {
    const renewedAt = deps.clock.now()
    if ((await renew()) === 0) lost.abort(leaseLost())
    else leaseUntil = renewedAt + LEASE_MS
  }
  // An unreachable database may be back before the lease is over; the last statement decides.
  const timer = every(prolong, LEASE_MS / 3, () => {}).unref()
  try {
    return await deps.content.receive(joined(start), {
      objectKey,
      limitBytes: deps.limits.maxPasteBytes,
      claim: { mediaType: body.mediaType, fileName: body.fileName, keepMediaType: body.keepMediaType },
      expectedBytes: body.expectedBytes,
      expectedSha256: body.expectedSha256,
      // After a freeze the lease may be over before the timer fires; the object would belong to no row.
      beforeCommit: () => {
        if (deps.clock.now() >= leaseUntil) throw leaseLost()
      },
      signal: body.signal ? AbortSignal.any([lost.signal, body.signal]) : lost.signal,
    })
  } finally {
    clearInterval(timer)
  }
}
