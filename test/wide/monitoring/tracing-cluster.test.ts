import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { json, logText, send, sendJson } from '../../blackbox/client.ts'
import { type Cluster, startCluster } from '../../cluster/cluster.ts'
import { patiently } from '../../patience.ts'
import { whenService } from '../../services/index.ts'
import { type Collector, startCollector } from './collector.ts'
import { AT_ONCE, newTrace, spansOf, traceparent } from './traces.ts'

whenService(['sql', 's3', 'redis', 'nginx'], (servers) => {
  describe('traces through nginx, of two replicas', { timeout: patiently(60_000) }, () => {
    let collector: Collector
    let cluster: Cluster
    beforeAll(async () => {
      collector = await startCollector()
      cluster = await startCluster(servers, 2, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...AT_ONCE })
    }, 60_000)
    afterAll(async () => {
      await cluster.stop()
      await collector.stop()
    }, 60_000)

    test('a race for a claim is told apart by its callers, whichever replica each of them got', async () => {
      const limited = { content: 'once', burnAfterReading: true }
      const { slug } = json<{ slug: string }>(await sendJson(`${cluster.url}/api/v1/pastes`, 'POST', limited))
      const callers = Array.from({ length: 6 }, newTrace)
      const answers = await Promise.all(
        callers.map((caller) =>
          send(`${cluster.url}/api/v1/pastes/${slug}/claim`, { method: 'POST', headers: traceparent(caller) }),
        ),
      )
      expect(answers.filter(({ status }) => status === 200).length).toBe(1)
      for (const [index, caller] of callers.entries()) {
        const [server, ...calls] = await spansOf(collector, caller.traceId)
        expect(server).toMatchObject({
          name: 'POST /api/v1/pastes/:slug/claim',
          parentId: caller.parentId,
          attributes: { 'http.response.status_code': answers[index]?.status },
        })
        expect(calls.length).toBeGreaterThan(0)
        for (const call of calls) expect(call.parentId).toBe(server.spanId)
      }
      const winner = callers[answers.findIndex(({ status }) => status === 200)]
      const [, ...calls] = await spansOf(collector, winner?.traceId ?? '')
      expect(calls.map(({ name }) => name)).toContain('database update pastes')
    })

    test('an upload of several frames is one request with the database before and after the store', async () => {
      const caller = newTrace()
      const body = Buffer.from(logText(3_000_000))
      await send(`${cluster.url}/`, { method: 'POST', headers: traceparent(caller), body })
      const [server, ...calls] = await spansOf(collector, caller.traceId)
      expect(server.name).toBe('POST /')
      const parts = calls.map(({ attributes }) => attributes['paste.part'])
      expect(parts.at(0)).toBe('database')
      expect(parts).toContain('store')
      expect(parts.at(-1)).toBe('database')
    })
  })
})
