import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Consumer } from '@platformatic/kafka'
import { dayFolder } from '../../src/analytics/stream/event-files.ts'
import { createKafkaSink } from '../../src/analytics/stream/kafka-sink.ts'
import type { Answer } from '../../src/analytics/stream/query.ts'
import { createHdfs, type Hdfs } from '../../src/analytics/stream/webhdfs.ts'
import { findCommand } from '../services/catalogue.ts'
import { type ServerProcess, startProcess } from '../services/process.ts'
import { manyEvents } from './events.ts'
import type { Servers } from './servers.ts'

const execute = promisify(execFile)
const source = (name: string) => fileURLToPath(new URL(`../../src/${name}`, import.meta.url))

/** A topic of its own in a running Kafka, its group and its folder in HDFS. */
export type Place = {
  topic: string
  group: string
  partitions: number
  brokers: string
  hdfs: Hdfs
  /** What the service, sinks and queries are told about it. */
  environment: Readonly<Record<string, string>>
}

let places = 0

/** Makes the topic; folders come with the first file. */
export async function createPlace({ kafka, hdfs: server }: Servers, partitions = 3): Promise<Place> {
  places += 1
  const [topic, group, folder] = [`events-${places}`, `group-${places}`, `/events-${places}`]
  await kafka.createTopic(topic, partitions)
  const environment = {
    KAFKA_BROKERS: kafka.brokers,
    KAFKA_TOPIC: topic,
    KAFKA_GROUP: group,
    WEBHDFS_URL: server.url,
    WEBHDFS_USER: server.user,
    EVENTS_FOLDER: folder,
  }
  const hdfs = createHdfs({ urls: [server.url], user: server.user })
  return { topic, group, partitions, brokers: kafka.brokers, hdfs, environment }
}

/** Starts `npm run events:sink`; it may not be at work yet. Files are written after a second unless said otherwise. */
export function startSink(place: Place, name: string, settings: Record<string, string> = {}): Promise<ServerProcess> {
  return startProcess({
    name: `sink ${name}`,
    command: process.execPath,
    args: [source('commands/events-sink.ts')],
    environment: { EVENTS_FILE_AGE: '1s', ...place.environment, EVENTS_SINK_NAME: name, ...settings },
    ready: async () => true,
    endSignal: 'SIGTERM',
  })
}

/** A sink that tells what it does. `ended` is its exit status. */
export type TalkingSink = {
  says(text: string): Promise<void>
  signal(name: 'SIGTERM' | 'SIGKILL'): void
  ended: Promise<number | null>
}

/** Starts a sink as {@link startSink} does, its log being listened to. */
export function spawnSink(place: Place, name: string, settings: Record<string, string> = {}): TalkingSink {
  const own = { LOG_LEVEL: 'debug', EVENTS_FILE_AGE: '1s', EVENTS_SINK_NAME: name }
  // The kernel ends it with us, however we end.
  const guard = findCommand('setpriv')
  const [command = '', ...args] = [
    ...(guard ? [guard, '--pdeathsig', 'KILL', '--'] : []),
    ...[process.execPath, source('commands/events-sink.ts')],
  ]
  const child = spawn(command, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...place.environment, ...own, ...settings },
  })
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })
  const ended = once(child, 'exit').then(([status]) => status as number | null)
  return {
    ended,
    signal: (signal) => void child.kill(signal),
    async says(text) {
      const over = ended.then(() => {
        if (!log.includes(text)) throw new Error(`the sink ended and had not said ${text}:\n${log}`)
      })
      while (!log.includes(text)) await Promise.race([once(child.stderr, 'data'), over])
    },
  }
}

/** Runs `npm run events:query -- --json` with further arguments. */
export async function query(place: Place, ...args: string[]): Promise<Answer> {
  const { stdout } = await execute(process.execPath, [source('commands/events-query.ts'), '--json', ...args], {
    env: { ...process.env, ...place.environment },
  })
  return JSON.parse(stdout) as Answer
}

/** Sends events `from` to `to` - 1 of {@link manyEvents} the way the service does. */
export async function produce(place: Place, from: number, to: number): Promise<void> {
  const sink = createKafkaSink({ brokers: [place.brokers], topic: place.topic, clientId: 'tests', deadlineMs: 60_000 })
  for (let at = from; at < to; at += 10_000) await sink.send(manyEvents(at, Math.min(to, at + 10_000)))
  await sink.close()
}

/** How many events the group has behind it: they are in HDFS. */
export async function committed({ brokers, topic, group, partitions }: Place): Promise<number> {
  const consumer = new Consumer({
    clientId: 'tests',
    groupId: group,
    bootstrapBrokers: [brokers],
    retries: 50,
    retryDelay: 100,
  })
  try {
    const topics = [{ topic, partitions: Array.from({ length: partitions }, (_, partition) => partition) }]
    const offsets = (await consumer.listCommittedOffsets({ topics })).get(topic) ?? []
    return offsets.reduce((sum, offset) => sum + Math.max(0, Number(offset)), 0)
  } finally {
    await consumer.close()
  }
}

/** Resolves once all `events` of a topic are in HDFS and committed. */
export async function allCommitted(place: Place, events: number): Promise<void> {
  for (let now = 0; now !== events; now = await committed(place)) {
    if (now > events) throw new Error(`${now} events are committed, and there are ${events}`)
    await delay(50)
  }
}

/** The names of the files of a day. */
export async function filesOf({ hdfs, environment, topic }: Place, day: string): Promise<string[]> {
  const folder = dayFolder({ folder: environment.EVENTS_FOLDER ?? '', topic }, day)
  const names: string[] = []
  for await (const partition of hdfs.list(folder))
    for await (const { name } of hdfs.list(`${folder}/${partition.name}`)) names.push(`${partition.name}/${name}`)
  return names
}
