import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sweepAndAudit } from '../blackbox/audit.ts'
import { logText, newSlug, send, sha256, until } from '../blackbox/client.ts'
import { patiently } from '../patience.ts'
import { request } from '../service/support/message.ts'
import { begin, OFFSET_STREAM, offsetOf, patch, resume } from '../service/support/tus.ts'
import { whenService } from '../services/index.ts'
import { type Cluster, startCluster } from './cluster.ts'

const MIB = 1024 * 1024
const CUT_AT = 20 * MIB
/** What a replica that is killed may have in its hands: one part, and what waits in sockets. */
const IN_HAND_BYTES = 12 * MIB

whenService(['sql', 's3', 'redis', 'nginx'], (servers) => {
  describe('an upload in parts, on two replicas behind nginx', { timeout: patiently(120_000) }, () => {
    const content = logText(26 * MIB)
    let cluster: Cluster
    beforeAll(async () => {
      cluster = await startCluster(servers, 2)
    }, patiently(60_000))
    afterAll(() => cluster.stop(), patiently(60_000))

    /** The address of an upload at a replica itself. */
    const at = (index: number, url: string) => `${cluster.replicas[index]?.directUrl}${new URL(url).pathname}`

    test('goes on at another replica after kill -9 in the middle, and leaves nothing but the paste', async () => {
      const slug = newSlug()
      const { url } = await begin(cluster.url, content.length, { slug })
      const socket = sendPart(at(0, url), content, CUT_AT)
      // Asked of the other replica: it neither waits for the first nor disturbs it.
      await until(
        () => offsetOf(at(1, url)),
        (offset) => offset >= CUT_AT - IN_HAND_BYTES,
        patiently(60_000),
      )
      await cluster.replicas[0]?.kill('SIGKILL')
      socket.destroy()
      const kept = await offsetOf(at(1, url))
      expect(kept).toBeGreaterThanOrEqual(CUT_AT - IN_HAND_BYTES)
      expect(kept).toBeLessThanOrEqual(CUT_AT)
      await resume(url, content, 8 * MIB)
      expect(sha256((await send(`${cluster.url}/raw/${slug}`)).bytes)).toBe(sha256(content))
      await cluster.replicas[0]?.restart()
      const audit = await sweepAndAudit(cluster.environment)
      expect(audit).toEqual({ unfinished: [], strayObjects: [], missingObjects: [], live: audit.live })
    })

    test('goes on with the later of two replicas, and ends byte-exact', async () => {
      const slug = newSlug()
      const part = content.subarray(0, 10 * MIB)
      const { url } = await begin(cluster.url, part.length, { slug })
      const answers = await Promise.all([0, 1].map((index) => patch(at(index, url), 0, part)))
      for (const { status } of answers) expect([204, 409, 503]).toContain(status)
      expect(answers.filter(({ ok }) => ok).length).toBeLessThanOrEqual(1)
      await resume(url, part)
      expect(sha256((await send(`${cluster.url}/raw/${slug}`)).bytes)).toBe(sha256(part))
    })
  })
})

/** Announces all of `content`, sends it up to `cutAt`, and then nothing. */
function sendPart(url: string, content: Buffer, cutAt: number) {
  const { hostname, port, pathname } = new URL(url)
  const { bytes } = request(`PATCH ${pathname}`, {
    'Tus-Resumable': '1.0.0',
    'Content-Type': OFFSET_STREAM,
    'Upload-Offset': '0',
    'Content-Length': `${content.length}`,
  })
  const socket = connect({ host: hostname, port: Number(port) })
  socket.on('error', () => {})
  socket.write(bytes)
  socket.write(content.subarray(0, cutAt))
  return socket
}
