import { describe, expect, test } from 'vitest'
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
