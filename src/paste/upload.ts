import type { Content, StoredContent } from '../content/index.ts'
import { AppError } from '../core/index.ts'
import { LEASE_MS } from './life.ts'
import type { Body } from './paste.ts'
import { joined, type SmallBody } from './small-body.ts'

/**
 * Streams a body into the store under `objectKey` while `renew` keeps the row's lease. When a renewal finds the lease
 * gone, the upload is over: another replica may already have removed what was written. Throws what the body, the
 * store and the limits throw; nothing of the object is left then, as far as the store could be reached.
 */
export async function upload(
  deps: { content: Content; limits: { maxPasteBytes: number } },
  body: Body,
  small: SmallBody,
  objectKey: string,
  renew: () => Promise<number>,
): Promise<StoredContent> {
  const lost = new AbortController()
  const timer = setInterval(() => {
    renew().then(
      (renewed) => {
        if (renewed === 0)
          lost.abort(new AppError('overloaded', { detail: 'The upload lost its place. Send it again.' }))
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
      signal: body.signal ? AbortSignal.any([lost.signal, body.signal]) : lost.signal,
    })
  } finally {
    clearInterval(timer)
  }
}
