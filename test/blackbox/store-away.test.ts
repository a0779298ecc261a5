import { describe, expect, test } from 'vitest'
import { createBucket, s3Environment, startFaultProxy, whenService } from '../services/index.ts'
import { create, logText, send } from './client.ts'
import { startService } from './service.ts'
import { expectNotReady, expectRecovery } from './unavailable.ts'

whenService('s3', ({ s3 }) => {
  describe('with a store that is away at the start', () => {
    test('the service starts, takes small pastes, says what is missing, and is ready when the store comes', async () => {
      const proxy = await startFaultProxy(s3.port)
      await proxy.set({ refuse: true })
      const bucket = await createBucket(s3)
      const endpoint = `http://127.0.0.1:${proxy.port}`
      const service = await startService(s3Environment({ ...s3, endpoint }, bucket.name))
      try {
        await expectNotReady(service.url, 'store')
        const { slug } = await create(service.url, 'small')
        expect((await send(`${service.url}/raw/${slug}`)).bytes.toString()).toBe('small')
        await proxy.set({})
        await expectRecovery(service.url, logText(200_000))
      } finally {
        await service.stop()
        await proxy.stop()
      }
    })
  })
})
