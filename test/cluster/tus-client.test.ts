import { Upload } from 'tus-js-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { logText, newSlug, send, sha256 } from '../blackbox/client.ts'
import { patiently } from '../patience.ts'
import { whenService } from '../services/index.ts'
import { type Cluster, startCluster } from './cluster.ts'

const MIB = 1024 * 1024
const PART_BYTES = 2 * MIB

whenService(['sql', 's3', 'redis', 'nginx'], (servers) => {
  describe("the tus project's own client, with two replicas behind nginx", { timeout: patiently(120_000) }, () => {
    const content = logText(13 * MIB)
    let cluster: Cluster
    beforeAll(async () => {
      cluster = await startCluster(servers, 2)
    }, patiently(60_000))
    afterAll(() => cluster.stop(), patiently(60_000))

    test('ends its upload byte-exact although each replica in turn is killed under it', async () => {
      const slug = newSlug()
      const restarts: Promise<void>[] = []
      let acknowledged = 0
      // One at a time: where nobody answers, this client gives its upload up and begins another.
      const killNextWhenDue = async () => {
        const replica = cluster.replicas[restarts.length]
        if (!replica || acknowledged < (content.length * (restarts.length + 1)) / 3) return
        await restarts.at(-1)
        restarts.push(replica.restart())
      }
      await new Promise<void>((resolve, reject) => {
        const upload = new Upload(content, {
          endpoint: `${cluster.url}/api/v1/uploads`,
          metadata: { slug, filename: 'build.log' },
          chunkSize: PART_BYTES,
          retryDelays: [100, 200, 500, 1_000, 2_000],
          onBeforeRequest: killNextWhenDue,
          onChunkComplete(_bytes, sent) {
            acknowledged = sent
          },
          onSuccess: () => resolve(),
          onError: reject,
        })
        upload.start()
      })
      await Promise.all(restarts)
      expect(restarts).toHaveLength(2)
      expect(sha256((await send(`${cluster.url}/raw/${slug}`)).bytes)).toBe(sha256(content))
    })

    test('goes on where the upload of a closed program stopped', async () => {
      const slug = newSlug()
      const options = { endpoint: `${cluster.url}/api/v1/uploads`, metadata: { slug }, chunkSize: PART_BYTES }
      const address = await new Promise<string>((resolve, reject) => {
        const upload = new Upload(content, {
          ...options,
          onChunkComplete: () => void upload.abort().then(() => resolve(upload.url ?? ''), reject),
          onError: reject,
        })
        upload.start()
      })
      let first = Number.NaN
      await new Promise<void>((resolve, reject) => {
        const upload = new Upload(content, {
          ...options,
          uploadUrl: address,
          onProgress(sent) {
            if (Number.isNaN(first)) first = sent
          },
          onSuccess: () => resolve(),
          onError: reject,
        })
        upload.start()
      })
      expect(first).toBeGreaterThanOrEqual(PART_BYTES)
      expect(sha256((await send(`${cluster.url}/raw/${slug}`)).bytes)).toBe(sha256(content))
    })
  })
})
