import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { create, logText, send, sha256, until } from '../blackbox/client.ts'
import { uniqueName, visitor } from '../browser/visitor.ts'
import { patiently } from '../patience.ts'
import { whenService } from '../services/index.ts'
import { type Cluster, type Replica, startCluster } from './cluster.ts'
import { underLoad } from './load.ts'

const MIB = 1024 * 1024
/** Slow enough that the upload is under way for seconds. */
const LINE = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 4 * MIB }

whenService(['sql', 's3', 'redis', 'nginx', 'chromium'], (servers) => {
  describe('a browser on three replicas behind nginx', { timeout: patiently(120_000) }, () => {
    let cluster: Cluster
    const me = visitor(async () => {
      cluster = await startCluster(servers, 3)
      return { url: cluster.url, stop: () => cluster.stop() }
    })
    const folder = mkdtempSync(join(tmpdir(), 'pastebin-browser-'))
    afterAll(() => rmSync(folder, { recursive: true, force: true }))

    test('ends its upload although its replica is killed half-way, and nobody else notices', async () => {
      const name = uniqueName()
      const bytes = logText(26 * MIB)
      const file = join(folder, 'build.log')
      writeFileSync(file, bytes)
      await me.open('/')
      const control = await me.context.newCDPSession(me.page)
      await control.send('Network.enable')
      await me.page.setInputFiles('#choose', file)
      await me.page.fill('#slug', name)
      await me.page.getByText('✓ free').waitFor()
      await control.send('Network.emulateNetworkConditions', LINE)
      await me.page.click('#post')
      await me.page.getByText(/^1\d(\.\d)? MiB of 26 MiB/).waitFor({ timeout: patiently(30_000) })

      const seen = await underLoad(cluster.url, { readers: 4, writers: 0 }, async () => {
        const [mine, neighbour] = await until(
          async () => [await busy(cluster.replicas, true), await busy(cluster.replicas, false)],
          (both) => both.every((replica) => replica !== undefined),
        )
        const another = create(neighbour?.directUrl ?? '', logText(6 * MIB))
        await mine?.kill('SIGKILL')
        await control.send('Network.emulateNetworkConditions', { ...LINE, uploadThroughput: -1 })
        expect((await another).size).toBe(6 * MIB)
      })
      expect(seen.failures).toEqual([])

      await me.page.waitForSelector('.address-field', { timeout: patiently(60_000) })
      expect(await me.page.inputValue('.address-field')).toBe(`${cluster.url}/${name}`)
      expect(sha256((await send(`${cluster.url}/raw/${name}`)).bytes)).toBe(sha256(bytes))
    })
  })
})

/** A replica that has an upload under way, or one that has none. */
async function busy(replicas: readonly Replica[], wanted: boolean): Promise<Replica | undefined> {
  for (const replica of replicas) {
    const text = (await send(`${replica.directUrl}/metrics`)).bytes.toString()
    if (Number(/^paste_uploads(?:\{\})? (\d+)$/m.exec(text)?.[1]) > 0 === wanted) return replica
  }
  return undefined
}
