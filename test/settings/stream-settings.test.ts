import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/settings/config.ts'

describe('the settings of events', () => {
  test('name no Kafka and no HDFS unless told', () => {
    expect(loadConfig({})).toMatchObject({
      kafkaBrokers: undefined,
      kafkaTopic: 'paste-events',
      webhdfsUrl: undefined,
      eventsFolder: '/events',
      eventsFileBytes: 16 * 1024 ** 2,
      eventsFileAge: 60_000,
    })
  })

  test('take several brokers and NameNodes', () => {
    const environment = { KAFKA_BROKERS: 'kafka-1:9092, [::1]:9093', WEBHDFS_URL: 'http://nn1:9870,https://nn2:9871/' }
    expect(loadConfig(environment)).toMatchObject({
      kafkaBrokers: ['kafka-1:9092', '[::1]:9093'],
      webhdfsUrl: ['http://nn1:9870', 'https://nn2:9871'],
    })
  })

  test('take a folder with or without a slash at its end', () => {
    expect(loadConfig({ EVENTS_FOLDER: '/data/events/' }).eventsFolder).toBe('/data/events')
  })

  test.each([
    ['KAFKA_BROKERS', 'kafka-1', 'brokers'],
    ['KAFKA_BROKERS', 'kafka-1:9092,', 'brokers'],
    ['KAFKA_TOPIC', 'paste events', 'letters'],
    ['KAFKA_TOPIC', '..', 'letters'],
    ['EVENTS_SINK_NAME', 'a/b', 'letters'],
    ['WEBHDFS_URL', 'hdfs://namenode:8020', 'addresses'],
    ['WEBHDFS_URL', 'http://namenode:9870/webhdfs/v1', 'addresses'],
    ['EVENTS_FOLDER', 'events', 'folder'],
    ['EVENTS_FOLDER', '/', 'folder'],
    ['EVENTS_FOLDER', '/../etc', 'folder'],
    ['EVENTS_FILE_ROWS', '0', 'number'],
  ])('refuse %s=%s', (variable, value, reason) => {
    expect(() => loadConfig({ [variable]: value })).toThrow(new RegExp(`^${variable} .*${reason}`))
  })
})
