import { hostname } from 'node:os'
import { later, systemClock, systemRandom } from '../core/index.ts'
import { createLogger } from '../platform/index.ts'
import { type Config, ConfigError, loadConfig } from '../settings/index.ts'

// `npm run events:sink`: reads the events of pastes from Kafka and writes them to HDFS, until SIGTERM or Ctrl-C. Any
// number of them share the work. Exit 0: all that was read is written; 1: some will be read again, or it was refused.

const { createHdfs, NameTaken, runSink } = await import('../analytics/stream/index.ts')

/** After the signal: how long writing may go on, and how long all of it may take. */
const WRITE_MS = 7_500
const STOP_MS = 10_000

try {
  await sink(loadConfig())
} catch (error) {
  const { message } = error as Error
  const remedy = error instanceof NameTaken ? ': give each sink an EVENTS_SINK_NAME of its own' : ''
  process.stderr.write(`${message}${remedy}\n`)
  process.exitCode = 1
}

async function sink(config: Config): Promise<void> {
  if (!config.kafkaBrokers || !config.webhdfsUrl) throw new ConfigError('KAFKA_BROKERS and WEBHDFS_URL must be set')
  const logger = createLogger({ level: config.logLevel, pretty: process.stderr.isTTY === true })
  const [stop, abandon] = [new AbortController(), new AbortController()]
  const end = (signal: string) => {
    logger.info({ signal }, 'stopping: what was read is written first')
    stop.abort()
    later(() => abandon.abort(), WRITE_MS).unref()
    later(() => process.exit(1), STOP_MS).unref()
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, end)
  const member = config.eventsSinkName ?? hostname()
  logger.info({ topic: config.kafkaTopic, group: config.kafkaGroup, member }, 'events go from Kafka to HDFS')
  await runSink({
    kafka: { brokers: config.kafkaBrokers, topic: config.kafkaTopic, group: config.kafkaGroup, member },
    hdfs: createHdfs({ urls: config.webhdfsUrl, user: config.webhdfsUser, signal: abandon.signal }),
    place: { folder: config.eventsFolder, topic: config.kafkaTopic },
    limits: { rows: config.eventsFileRows, bytes: config.eventsFileBytes, intervalMs: config.eventsFileAge },
    writer: systemRandom.bytes(8).toString('hex'),
    clock: systemClock,
    logger,
    stop: stop.signal,
    abandon: abandon.signal,
  })
  logger.info({}, 'stopped')
}
