import type { HdfsServer, KafkaServer } from '../services/index.ts'

/** The servers of the whole run: they are there once a test runs. Who hurts one mends it. */
export type Servers = { kafka: KafkaServer; hdfs: HdfsServer }
