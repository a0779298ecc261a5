import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createPartBuffers, PART_BYTES } from '../../../src/content/stores/part-buffers.ts'
import { openS3Bucket } from '../../../src/content/stores/s3-client.ts'
import { createS3Writer } from '../../../src/content/stores/s3-writer.ts'
import { randomKey } from '../../contracts/object-store.ts'
import { createBucket, whenService } from '../../services/index.ts'

whenService('s3', ({ s3 }) => {
  test('an abort at any moment of a write gives its second buffer back', async () => {
    const { name } = await createBucket(s3)
    const bucket = await openS3Bucket({ ...s3, bucket: name })
    const buffers = { ...createPartBuffers(PART_BYTES, 1) }
    const bytes = randomBytes(2 * PART_BYTES + 1)
    const { send } = bucket.client
    // The answer to the first call of an upload has come, and nobody has seen it yet.
    const abortAfter = (turns: number) => {
      const writer = createS3Writer({ ...bucket, buffers }, randomKey())
      bucket.client.send = (async (...call: Parameters<typeof send>) => {
        bucket.client.send = send
        const answer = await send.apply(bucket.client, call)
        let left = turns
        const abort = () => (left-- > 0 ? queueMicrotask(abort) : void writer.abort())
        abort()
        return answer
      }) as typeof send
      return writer
    }
    for (let turns = 0; turns < 12; turns++) {
      const writer = abortAfter(turns)
      await writer.write(bytes).catch(() => {})
      await writer.abort()
      const second = buffers.takeSecond()
      expect(second, `aborted after ${turns} turns`).toBeDefined()
      buffers.drop(second)
    }
    bucket.client.destroy()
  })
})
