import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Admin } from '@platformatic/kafka'
import { commandPath } from './catalogue.ts'
import { host } from './host.ts'
import { type JavaProgram, javaArguments } from './java.ts'
import { freePort } from './ports.ts'
import type { ServerProcess } from './process.ts'

/** Apache Kafka's broker; slf4j-simple is its log on stderr. */
export const KAFKA: JavaProgram = {
  name: 'kafka',
  version: '4.4.0',
  artifacts: ['org.apache.kafka:kafka_2.13:4.4.0', 'org.slf4j:slf4j-simple:1.7.36'],
}

/** A Kafka broker of one's own. `brokers` is what `KAFKA_BROKERS` takes. `stop` ends it and removes its data. */
export type KafkaServer = ServerProcess & {
  brokers: string
  createTopic(name: string, partitions: number): Promise<void>
  /** Gives a topic more partitions: `count` in all. */
  growTopic(name: string, count: number): Promise<void>
  stop(): Promise<void>
}

const execute = promisify(execFile)
const CLUSTER_ID = '4L6g3nShT-eMCtK--X86sw'

/** Starts a broker that is its own controller (KRaft); its jars have to be there. Topics are made by hand. */
export async function startKafka(): Promise<KafkaServer> {
  const [port, controllerPort] = [await freePort(), await freePort()]
  const brokers = `127.0.0.1:${port}`
  return host('kafka', async ({ folder, run }) => {
    const file = join(folder, 'server.properties')
    mkdirSync(join(folder, 'data'))
    writeFileSync(file, properties(join(folder, 'data'), port, controllerPort))
    const java = commandPath('java')
    const log = ['-Dorg.slf4j.simpleLogger.defaultLogLevel=error']
    const format = ['format', '-t', CLUSTER_ID, '-c', file]
    await execute(java, [...javaArguments(KAFKA, 'kafka.tools.StorageTool', log), ...format])
    const server = await run({
      name: 'kafka',
      command: java,
      args: [...javaArguments(KAFKA, 'kafka.Kafka', log), file],
      async ready() {
        // Asked again and again while it starts, it would start more slowly.
        await delay(100)
        return withAdmin(brokers, async (admin) => (await admin.metadata({ topics: [] })).brokers.size === 1)
      },
      readyWithinMs: 150_000,
    })
    return Object.assign(server, {
      brokers,
      createTopic: (name: string, partitions: number) =>
        withAdmin(
          brokers,
          async (admin) => void (await admin.createTopics({ topics: [name], partitions, replicas: 1 })),
        ),
      growTopic: (name: string, count: number) =>
        withAdmin(brokers, (admin) => admin.createPartitions({ topics: [{ name, count, assignments: null }] })),
    })
  })
}

async function withAdmin<Result>(brokers: string, use: (admin: Admin) => Promise<Result>): Promise<Result> {
  const admin = new Admin({ clientId: 'tests', bootstrapBrokers: [brokers], retries: 0, connectTimeout: 1_000 })
  try {
    return await use(admin)
  } finally {
    await admin.close()
  }
}

/**
 * One broker instead of three, and the patience of one: by default a broker that was killed is let in again after 9 s,
 * and no group may notice within less than 6 s that a member is dead.
 */
function properties(data: string, port: number, controllerPort: number): string {
  const single = ['offsets.topic', 'transaction.state.log', 'share.coordinator.state.topic'].flatMap((topic) => [
    `${topic}.replication.factor=1`,
    ...(topic === 'offsets.topic' ? [] : [`${topic}.min.isr=1`]),
    ...(topic.startsWith('share') ? [] : [`${topic}.num.partitions=1`]),
  ])
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controllerPort}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs=${data}
${single.join('\n')}
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=500
broker.session.timeout.ms=1500
broker.heartbeat.interval.ms=200
auto.create.topics.enable=false
num.network.threads=1
num.io.threads=2
`
}
