import { afterAll, beforeAll, describe } from 'vitest'
import { startHdfs, startKafka } from '../services/index.ts'
import { exactlyOnceSuite } from './exactly-once.ts'
import { kafkaSinkSuite } from './kafka-sink.ts'
import { outagesSuite } from './outages.ts'
import type { Servers } from './servers.ts'
import { serviceSuite } from './service.ts'
import { webhdfsSuite } from './webhdfs.ts'

// One file, because three JVMs take longer to start than most of this to run.
const servers = {} as Servers

beforeAll(async () => {
  const [kafka, hdfs] = await Promise.all([startKafka(), startHdfs()])
  Object.assign(servers, { kafka, hdfs })
}, 180_000)
afterAll(() => Promise.all([servers.kafka?.stop(), servers.hdfs?.stop()]))

describe('webhdfs', () => webhdfsSuite(servers))
describe('Kafka sink', () => kafkaSinkSuite(servers))
describe('exactly once', () => exactlyOnceSuite(servers))
describe('outages', () => outagesSuite(servers))
describe('service', () => serviceSuite(servers))
