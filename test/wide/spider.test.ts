import { describe } from 'vitest'
import { serviceSuite } from '../blackbox/suite.ts'
import { whenService } from '../services/index.ts'
import { useSpiderReplicas } from './engines/spider-replicas.ts'

whenService(['spider', 's3'], ({ s3 }) => {
  describe('two replicas on Spider with two shards', () => {
    const replicas = useSpiderReplicas(s3)
    serviceSuite(() => ({ one: replicas.urls[0], other: replicas.urls[1] }))
  })
})
