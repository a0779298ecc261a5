import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { AppError } from '../../src/core/index.ts'
import { readBody, readWhole, watchSpeed } from '../../src/http/index.ts'

/** Serves one request with `handler`, sends it with `client`, and gives what the handler gave or threw. */
async function serve<Result>(
  handler: (raw: IncomingMessage, response: ServerResponse) => Promise<Result>,
  client: (port: number) => void,
): Promise<Result | string> {
  let settle: (value: Result | string) => void
  const result = new Promise<Result | string>((resolve) => (settle = resolve))
  const server = createServer((raw, response) => {
    handler(raw, response)
      .then(settle, (error: AppError) => settle(error.code))
      .finally(() => response.end())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  client((server.address() as AddressInfo).port)
  const value = await result
  server.closeAllConnections()
  server.close()
  return value
}

const sending =
  (bytes: Buffer, headers = {}) =>
  (port: number) =>
    void request({ port, method: 'POST', headers })
      .on('error', () => {})
      .end(bytes)

describe('reading a body', () => {
  const readers: [string, (raw: IncomingMessage, response: ServerResponse, limit: number) => Promise<number>][] = [
    [
      'as a stream',
      async (raw, response, limit) => {
        let total = 0
        for await (const chunk of readBody({ raw, response }, limit)) total += chunk.length
        return total
      },
    ],
    ['whole', async (raw, response, limit) => (await readWhole({ raw, response }, limit)).length],
  ]
  afterEach(() => void vi.useRealTimers())

  describe.each(readers)('%s', (_name, read) => {
    test.each([0, 1, 100_000])('gives all of its %i bytes', async (sizeBytes) => {
      expect(await serve((raw, response) => read(raw, response, 100_000), sending(Buffer.alloc(sizeBytes)))).toBe(
        sizeBytes,
      )
    })

    test('refuses one byte more than the limit, declared or not', async () => {
      const bytes = Buffer.alloc(1_001)
      const handler = (raw: IncomingMessage, response: ServerResponse) => read(raw, response, 1_000)
      expect(await serve(handler, sending(bytes))).toBe('payload_too_large')
      expect(await serve(handler, sending(bytes, { 'transfer-encoding': 'chunked' }))).toBe('payload_too_large')
    })

    test('tells when the client goes away', async () => {
      const client = (port: number) => {
        const asked = request({ port, method: 'POST', headers: { 'content-length': 1_000 } }).on('error', () => {})
        asked.write(Buffer.alloc(10), () => asked.destroy())
      }
      expect(await serve((raw, response) => read(raw, response, 1_000), client)).toBe('body_incomplete')
    })
  })

  test('less than 1 KiB/s over 30 s is too slow; our own back-pressure is not', () => {
    vi.useFakeTimers()
    const stalls: string[] = []
    const raw = { readableLength: 0 }
    let received = 0
    const stop = watchSpeed(
      raw as IncomingMessage,
      () => received,
      (error) => stalls.push(error.code),
    )
    received += 30_720
    vi.advanceTimersByTime(30_000)
    expect(stalls).toEqual([])
    raw.readableLength = 1
    vi.advanceTimersByTime(30_000)
    expect(stalls).toEqual([])
    raw.readableLength = 0
    received += 30_719
    vi.advanceTimersByTime(30_000)
    expect(stalls).toEqual(['request_timeout'])
    stop()
    vi.advanceTimersByTime(90_000)
    expect(stalls).toHaveLength(1)
  })
})
