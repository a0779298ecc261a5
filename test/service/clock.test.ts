import { describe, expect, test } from 'vitest'
import { useService } from './support/service.ts'

describe('the clock of an embedded database', () => {
  const service = useService()

  test('is our own', async () => {
    const { status, parts } = (await service.request('GET /health/ready')).json()
    expect([status, parts]).toEqual(['ready', { database: 'ok', schema: 'ok', store: 'ok', space: 'ok' }])
  })
})
