import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { afterwards } from './support/afterwards.ts'
import { expectProblem } from './support/bad-input.ts'
import { chunked, raw, request } from './support/message.ts'
import { useService } from './support/service.ts'

const MIB = 1024 * 1024
const sockets: Socket[] = []
afterAll(() => {
  for (const socket of sockets) socket.destroy()
})

/** A connection that sends these bytes and then stays; `from` is its own address. */
function hold(port: number, bytes: Buffer | string, from = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from })
  socket.on('error', () => {})
  sockets.push(socket)
  return new Promise((resolve) => socket.write(bytes, () => resolve(socket)))
}

/** A request whose body is `content`, gzipped, in chunks, and lacks its end. */
function codedWithoutEnd(start: string, content: Buffer): Buffer | string {
  const body = chunked(gzipSync(content)).subarray(0, -40)
  const fields = { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip', 'Transfer-Encoding': 'chunked' }
  return request(start, fields, body).bytes
}

describe('bodies that may be large', () => {
  const service = useService({ MAX_UPLOADS: '2', RATE_LIMIT_CREATE: 'off' })
  const metric = async (name: string) => {
    const text = (await service.request('GET /metrics')).text()
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
  }
  const letters = Buffer.from(JSON.stringify({ content: 'a'.repeat(4 * MIB - 100) }))

  test.for([
    ['POST /api/paste'],
    ['POST /api/paste/expiry'],
    ['POST /api/v1/pastes'],
    ['POST /api/v1/links'],
    ['POST /api/v1/paste'],
  ])('take a place before a byte of them is kept, and give it back: %s', async ([start = '']) => {
    const before = await metric('paste_body_memory_bytes')
    expect(before).toBe(0)
    const bytes = codedWithoutEnd(start, start.endsWith('links') ? randomBytes(10_000) : letters)
    const held = await Promise.all([1, 2, 3].map(() => hold(service.port, bytes)))
    await expect.poll(() => metric('paste_uploads')).toBe(2)
    await expect.poll(() => metric('paste_body_memory_bytes')).toBeGreaterThanOrEqual(4 * MIB)
    expect(await metric('paste_body_memory_bytes')).toBeLessThan(13 * MIB)
    for (const socket of held) socket.destroy()
    await expect.poll(() => metric('paste_uploads')).toBe(0)
    await expect.poll(() => metric('paste_body_memory_bytes')).toBe(0)
  })

  test('a change and a link have small limits', async () => {
    const { slug, editToken } = await service.create()
    const fields = { 'Content-Type': 'application/json', Authorization: `Bearer ${editToken}` }
    const padded = (bytes: number) => JSON.stringify({ title: 'x' }).padEnd(bytes)
    const change = `PATCH /api/v1/pastes/${slug}`
    expectProblem(await service.ask(request(change, fields, padded(64 * 1024 + 1))), 'payload_too_large')
    expect((await service.ask(request(change, fields, padded(64 * 1024)))).status).toBe(200)
    expectProblem(await service.ask(request('POST /api/v1/links', fields, padded(16 * 1024 + 1))), 'payload_too_large')
  })
  afterwards(service)
})

describe('memory for bodies', () => {
  const service = useService({ MEMORY_BUDGET: '16MiB', MAX_UPLOADS: '100', RATE_LIMIT_CREATE: 'off' })

  test('is never more than MEMORY_BUDGET: what comes then gets 503, and a small create still works', async () => {
    const half = Buffer.from(raw(Buffer.alloc(MIB, 'x')).bytes).subarray(0, -1)
    const held = await Promise.all(Array.from({ length: 7 }, () => hold(service.port, half)))
    const uploading = () =>
      service.app.backends.database.db.selectFrom('pastes').select('slug').where('state', '=', 'uploading').execute()
    await expect.poll(uploading).toHaveLength(7)
    const answers = await Promise.all([1, 2].map(() => service.ask(raw(Buffer.alloc(MIB, 'x')))))
    const refused = answers.filter(({ status }) => status !== 201)
    expect(refused.length).toBeGreaterThan(0)
    for (const answer of refused) {
      expectProblem(answer, 'overloaded')
      expect(answer.headers['retry-after']).toBe('2')
    }
    for (const answer of answers)
      if (answer.headers.location) service.made.add(answer.headers.location.split('/').at(-1) ?? '')
    await service.create()
    for (const socket of held) socket.destroy()
    await expect.poll(uploading).toEqual([])
  })
  afterwards(service)
})

describe('64 slow uploads from 4 addresses', () => {
  const service = useService({ RATE_LIMIT_CREATE: 'off', RATE_LIMIT_UPLOAD: 'off' })

  test('do not keep another client from uploading 70 KB; who gives way gets 408', async () => {
    const fields = { 'Transfer-Encoding': 'chunked', 'Content-Type': 'text/plain' }
    const begin = request(
      'POST /api/v1/pastes',
      fields,
      Buffer.from(chunked(Buffer.alloc(70_000, 'h'))).subarray(0, -5),
    ).bytes
    const drip = Buffer.from(`420\r\n${'h'.repeat(1_056)}\r\n`)
    const statuses: number[] = []
    let isOver = false
    const attack = async (from: string) => {
      while (!isOver) {
        const socket = await hold(service.port, begin, from)
        const dripping = setInterval(() => socket.write(drip), 1_000)
        await new Promise<void>((resolve) => {
          socket.once('data', (data: Buffer) => {
            statuses.push(Number(data.subarray(9, 12)))
            socket.destroy()
          })
          socket.once('close', () => resolve())
        })
        clearInterval(dripping)
        await delay(100)
      }
    }
    for (let count = 0; count < 64; count++) void attack(`127.0.0.${2 + (count % 4)}`)
    await expect.poll(async () => (await service.request('GET /metrics')).text()).toContain('paste_uploads 16\n')
    for (let count = 0; count < 10; count++) {
      const answer = await service.ask(raw(Buffer.alloc(70_000, 'g')))
      expect(answer.status, answer.text()).toBe(201)
    }
    isOver = true
    expect(statuses).toContain(408)
    for (const socket of sockets) socket.destroy()
  })
  afterwards(service)
})
