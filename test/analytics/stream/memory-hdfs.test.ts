import { describe } from 'vitest'
import { hdfsContract } from '../../contracts/hdfs.ts'
import { createMemoryHdfs } from './memory-hdfs.ts'

describe('HDFS in memory', () => {
  hdfsContract(async () => ({ hdfs: createMemoryHdfs(), close: async () => {} }))
})
