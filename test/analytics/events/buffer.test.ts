import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { createEventBuffer } from '../../../src/analytics/events/buffer.ts'
import type { AnalyticsEvent } from '../../../src/analytics/events/schema.ts'
import { silentLogger } from '../../platform/silent-logger.ts'

/** A buffer on a sink whose sends end as a test says. */
function createBench({ maxBytes }: { maxBytes?: number } = {}) {
  const time = { now: 0 }
  const sends: { ids: string[]; resolve(): void; reject(): void }[] = []
  let closed = 0
  const buffer = createEventBuffer({
    sink: {
      name: 'bench',
      send: (events) =>
        new Promise((resolve, reject) => {
          const fail = () => reject(new Error('the sink is away'))
          sends.push({ ids: events.map(({ id }) => id), resolve, reject: fail })
        }),
      close: async () => void closed++,
    },
    clock: { now: () => time.now },
    logger: silentLogger,
    random: () => 1,
    ...(maxBytes && { maxBytes }),
  })
  return { buffer, sends, time, closed: () => closed }
}

/** Lets promises that are settled go on. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

let made = 0
function event(id = `${made++}`): AnalyticsEvent {
  const who = { user: 'u'.repeat(22), replica: 'r', via: 'raw', agent: 'human', referrer: null, country: null } as const
  return { version: 1, id, timestamp: 0, action: 'view', paste: 'hello', ...who, sizeBytes: 1 }
}

describe('events on their way to a sink', () => {
  test('are sent in order, a batch at a time', async () => {
    const { buffer, sends } = createBench()
    for (let id = 0; id < 2_500; id++) buffer.push(event(`${id}`))
    buffer.pump()
    buffer.pump()
    expect(sends.map(({ ids }) => ids.length)).toEqual([1_000])
    for (let batch = 0; batch < 3; batch++) {
      sends[batch]?.resolve()
      await settle()
    }
    expect(sends.flatMap(({ ids }) => ids)).toEqual(Array.from({ length: 2_500 }, (_, id) => `${id}`))
    expect(buffer.state()).toEqual({ waiting: 0, bytes: 0, sent: 2_500, dropped: 0, failures: 0 })
  })

  test('a sink that hangs holds nobody up, and memory stays bounded', () => {
    const { buffer, sends } = createBench()
    const before = memory()
    buffer.push(event())
    buffer.pump()
    const startedAt = process.cpuUsage()
    for (let count = 0; count < 500_000; count++) {
      buffer.push(event())
      if (count % 1_000 === 0) buffer.pump()
    }
    const { user, system } = process.cpuUsage(startedAt)
    expect(sends).toHaveLength(1)
    expect(memory() - before).toBeLessThan(24 * 1024 * 1024)
    expect((user + system) / 500_000).toBeLessThan(50)
    expect(buffer.state().dropped + buffer.state().waiting).toBe(500_001)
  })

  test('the oldest go first, and are counted', async () => {
    const { buffer, sends } = createBench({ maxBytes: 10 * 600 })
    for (let id = 0; id < 100; id++) buffer.push(event(`${id}`))
    const { waiting, dropped } = buffer.state()
    expect(waiting + dropped).toBe(100)
    expect(waiting).toBeGreaterThan(8)
    buffer.pump()
    expect(sends[0]?.ids.at(0)).toBe(`${dropped}`)
    expect(sends[0]?.ids.at(-1)).toBe('99')
  })

  test('those being sent count as well, and may be dropped under way', async () => {
    const { buffer, sends } = createBench({ maxBytes: 10 * 600 })
    for (let id = 0; id < 5; id++) buffer.push(event(`${id}`))
    buffer.pump()
    for (let id = 5; id < 100; id++) buffer.push(event(`${id}`))
    sends[0]?.resolve()
    await settle()
    const { sent, dropped } = buffer.state()
    expect([sent, sends[1]?.ids.at(0)]).toEqual([0, `${dropped}`])
  })

  test('come again after a failure, the same ones first, with growing pauses', async () => {
    const { buffer, sends, time } = createBench()
    buffer.push(event('a'))
    buffer.push(event('b'))
    const pauses: number[] = []
    for (let failure = 0; failure < 10; failure++) {
      buffer.pump()
      sends.at(-1)?.reject()
      await settle()
      const failedAt = time.now
      for (; sends.length === failure + 1 && time.now < failedAt + 60_000; time.now += 250) buffer.pump()
      pauses.push(time.now - 250 - failedAt)
      sends.at(-1)?.ids.push('looked at')
    }
    expect(pauses).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
    buffer.push(event('c'))
    sends.at(-1)?.resolve()
    await settle()
    expect(sends.at(-2)?.ids.slice(0, 2)).toEqual(['a', 'b'])
    expect(sends.at(-1)?.ids).toEqual(['c'])
  })

  test('what is left at the end is sent before the sink is closed', async () => {
    const { buffer, sends, closed } = createBench()
    buffer.push(event())
    const ended = buffer.close(2_000)
    expect(closed()).toBe(0)
    sends[0]?.resolve()
    await ended
    expect([buffer.state().sent, closed()]).toEqual([1, 1])
  })

  test('a sink that hangs does not keep the process from ending', async () => {
    const { buffer, closed } = createBench()
    buffer.push(event())
    await buffer.close(10)
    expect([buffer.state().dropped, closed()]).toEqual([1, 1])
  })
})

/** What the heap holds once nothing of it is garbage. */
function memory(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}
