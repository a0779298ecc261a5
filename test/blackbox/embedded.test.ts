import { afterAll, beforeAll, describe } from 'vitest'
import { type Service, startService } from './service.ts'
import { serviceSuite } from './suite.ts'

describe('the service, embedded', () => {
  let service: Service
  beforeAll(async () => {
    service = await startService()
  })
  afterAll(() => service.stop())

  serviceSuite(() => ({ one: service.url, other: service.url }))
})
