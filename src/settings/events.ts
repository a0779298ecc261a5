import { duration, integer, type Setting, setting, size, text } from './parsers.ts'

/** Settings of events that leave the service: to Kafka, and from there by `npm run events:sink` to HDFS. */
export const EVENT_SETTINGS = {
  kafkaBrokers: setting(
    'KAFKA_BROKERS',
    'Kafka that gets an event for all that happens to pastes: `host:9092,host:9092`; absent: no events',
    undefined,
    brokers,
  ),
  kafkaTopic: setting('KAFKA_TOPIC', 'Topic of these events', 'paste-events', name),
  kafkaGroup: setting('KAFKA_GROUP', 'Consumer group of `npm run events:sink`', 'paste-events-to-hdfs', name),
  eventsSinkName: setting(
    'EVENTS_SINK_NAME',
    'Name that a sink keeps when it is started again, and no other has; absent: the name of its host',
    undefined,
    name,
  ),
  webhdfsUrl: setting(
    'WEBHDFS_URL',
    'Where sinks and queries find HDFS: its NameNodes as `http://host:9870`, comma-separated',
    undefined,
    nameNodes,
  ),
  webhdfsUser: setting('WEBHDFS_USER', 'User of HDFS that owns the events', 'paste', text),
  eventsFolder: setting('EVENTS_FOLDER', 'Folder of the events in HDFS', '/events', folder),
  eventsFileRows: setting(
    'EVENTS_FILE_ROWS',
    'A sink writes files when it has so many events',
    '50000',
    integer(1, 10_000_000),
  ),
  eventsFileBytes: setting('EVENTS_FILE_BYTES', '… or so much text, not yet compressed', '16MiB', size),
  eventsFileAge: setting('EVENTS_FILE_AGE', '… or the oldest has waited so long', '60s', duration),
} satisfies Record<string, Setting<unknown>>

function brokers(given: string): string[] {
  const list = given.split(',').map((part) => part.trim())
  if (!list.every((part) => /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+):\d{1,5}$/.test(part)))
    throw new Error('wants brokers such as kafka-1:9092,kafka-2:9092')
  return list
}

function nameNodes(given: string): string[] {
  return given.split(',').map((part) => {
    const url = URL.parse(part.trim())
    if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search || url.username)
      throw new Error('wants addresses such as http://namenode:9870')
    return url.origin
  })
}

/** Topics, groups and members: what Kafka takes for a topic. */
function name(given: string): string {
  if (!/^[A-Za-z0-9._-]{1,200}$/.test(given) || /^\.{1,2}$/.test(given))
    throw new Error('wants letters, digits, dots, dashes and underscores')
  return given
}

function folder(given: string): string {
  const trimmed = given.replace(/\/+$/, '')
  if (!/^(\/[A-Za-z0-9][A-Za-z0-9._=-]*)+$/.test(trimmed)) throw new Error('wants a folder such as /events')
  return trimmed
}
