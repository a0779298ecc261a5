import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { patiently } from '../patience.ts'
import { afterwards } from './support/afterwards.ts'
import { type Answer, parseAnswer } from './support/answer.ts'
import { expectProblem } from './support/bad-input.ts'
import { chunked, file, form, formBody, raw } from './support/message.ts'
import { useService } from './support/service.ts'

const body = Buffer.alloc(3 * 1024 * 1024, 'a body that stops in the middle. ')
const half = (bytes: Buffer) => bytes.subarray(0, bytes.length - body.length / 2)

/** The next answer on a connection. */
function answerOn(socket: Socket): Promise<Answer> {
  let received = Buffer.alloc(0)
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      const answer = parseAnswer(received)
      if (typeof answer !== 'number') resolve(answer)
    })
  })
}

describe('line 126: slow headers', () => {
  const service = useService()

  test('get 408 after 10 to 12 s, however they drip', async () => {
    const began = performance.now()
    const socket = connect(service.port, '127.0.0.1')
    const dripping = setInterval(() => socket.write('b'), 500)
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nA: ')
    const answer = await answerOn(socket)
    clearInterval(dripping)
    socket.destroy()
    expectProblem(answer, 'request_timeout')
    expect((performance.now() - began) / 1_000).toBeGreaterThan(9.9)
    expect((performance.now() - began) / 1_000).toBeLessThan(patiently(12))
  })
})

// The service looks at the speed of a body by an interval of 30 s. Intervals are the one thing that these tests move
// forward by hand; everything else, the connection and the store included, takes its own time.
describe('line 48: slow bodies', () => {
  const service = useService()
  afterEach(() => {
    vi.useRealTimers()
  })

  /** Opens a connection to the service; gives both of its ends. */
  async function open(): Promise<{ socket: Socket; theirs: Socket }> {
    const accepted = once(service.app.http.app.server, 'connection') as Promise<[Socket]>
    const socket = connect(service.port, '127.0.0.1')
    const [theirs] = await accepted
    return { socket, theirs }
  }

  /** Resolves when the service has set so many intervals for a request and has taken what was sent of it. */
  async function underWay(theirs: Socket, sentBytes: number, intervals: number): Promise<void> {
    while (vi.getTimerCount() < intervals || theirs.bytesRead < sentBytes) await service.request('GET /health/live')
    // What it read last is taken in the next turn of its loop.
    for (let time = 0; time < 3; time++) await service.request('GET /health/live')
  }

  test.for([
    {
      what: 'a raw body that stops',
      bytes: raw('x'.repeat(1_000), { 'Content-Length': '2000' }).bytes,
      intervals: 1,
      seconds: 30,
    },
    {
      what: 'a form that stops',
      bytes: form(formBody([file('x'.repeat(900))]).subarray(0, 800), { 'Content-Length': '2000' }).bytes,
      intervals: 1,
      seconds: 30,
    },
    { what: 'a raw body that stops in its upload', bytes: half(raw(body).bytes), intervals: 2, seconds: 60 },
    {
      what: 'a chunked body that stops in its upload',
      bytes: half(raw(chunked(body), { 'Transfer-Encoding': 'chunked' }).bytes),
      intervals: 2,
      seconds: 60,
    },
    {
      what: 'a form that stops in its upload',
      bytes: half(form(formBody([file(body)])).bytes),
      intervals: 2,
      seconds: 60,
    },
  ])('$what gets 408 after $seconds s', async ({ bytes, intervals, seconds }) => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const { socket, theirs } = await open()
    const answer = answerOn(socket)
    socket.write(bytes)
    // Its speed is watched; and if it is an upload, its lease is renewed.
    await underWay(theirs, bytes.length, intervals)
    vi.advanceTimersByTime(seconds * 1_000)
    expectProblem(await answer, 'request_timeout')
    socket.destroy()
  })

  test('1 KiB/s is fast enough', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const { socket, theirs } = await open()
    const answer = answerOn(socket)
    const { bytes } = raw('x'.repeat(31_000), { 'Content-Length': '62000' })
    socket.write(bytes)
    await underWay(theirs, bytes.length, 1)
    vi.advanceTimersByTime(30_000)
    socket.write('x'.repeat(31_000))
    const { status, headers } = await answer
    expect(status).toBe(201)
    service.made.add(headers.location?.split('/').at(-1) ?? '')
    socket.destroy()
  })
  afterwards(service)
})
