import { describe, expect, test } from 'vitest'
import { patiently } from '../patience.ts'
import { whenService } from '../services/index.ts'
import { shared } from './support/backing.ts'
import { useService } from './support/service.ts'

describe('the clock of an embedded database', () => {
  const service = useService()

  test('is our own', async () => {
    expect((await service.request('GET /health/ready')).json()).toEqual({
      status: 'ready',
      parts: { database: 'ok', schema: 'ok', store: 'ok' },
    })
  })
})

whenService(['sql', 's3', 'redis'], (servers) => {
  describe('the clock of a database that replicas share', () => {
    const service = useService({}, () => shared(servers))
    const ready = () => service.request('GET /health/ready')
    const aheadSeconds = async () => {
      const metrics = (await service.request('GET /metrics')).text()
      return Number(/^paste_database_clock_ahead_seconds (.+)$/m.exec(metrics)?.[1])
    }

    test('is measured', async () => {
      const { parts, clockOffsetMs } = (await ready()).json()
      expect(parts.clock).toBe('ok')
      expect(Math.abs(clockOffsetMs)).toBeLessThan(patiently(1_000))
      expect(await aheadSeconds()).toBe(clockOffsetMs / 1_000)
    })

    test('may differ by less than a second', async () => {
      service.clock.advance(-500)
      expect((await ready()).json().parts.clock).toBe('ok')
    })

    test('and by more it keeps requests away until it is put right', async () => {
      service.clock.advance(5_000)
      const answer = await ready()
      expect(answer.status).toBe(503)
      expect(answer.json().parts).toMatchObject({ clock: 'unavailable', database: 'ok' })
      expect(answer.json().clockOffsetMs).toBeLessThan(-3_000)
      expect(await aheadSeconds()).toBeLessThan(-3)
      service.clock.advance(-4_500)
      expect((await ready()).status).toBe(200)
    })
  })
})
