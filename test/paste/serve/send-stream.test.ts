import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { sendStream } from '../../../src/paste/serve/send-stream.ts'
import { createHttpServer } from '../../../src/platform/index.ts'
import { silentLogger } from '../../platform/silent-logger.ts'

const LENGTH = 40_000_000
const PIECE = Buffer.alloc(250_000)

/** A server that gives 40 MB at `/`, and has patience with silent connections for `silenceMs`. */
async function serve(silenceMs: number) {
  const { app } = createHttpServer({
    logger: silentLogger,
    trustedProxies: undefined,
    idPrefix: 'test',
    silenceMs,
    problemPage: () => ({ body: '', headers: {} }),
  })
  const state = { givenBytes: 0, isOver: false }
  async function* source() {
    try {
      for (; state.givenBytes < LENGTH; state.givenBytes += PIECE.length) yield PIECE
    } finally {
      state.isOver = true
    }
  }
  const head = { status: 200, fields: ['Content-Length', `${LENGTH}`], length: LENGTH }
  app.get('/', async (_request, reply) => sendStream(reply, head, source, silentLogger))
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => app.close())
  return { state, url, port: Number(new URL(url).port) }
}

test('a reader who asks and never reads loses its connection, and the source is told', async () => {
  const { state, port } = await serve(50)
  const client = connect(port).pause()
  client.on('error', () => {})
  client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await expect.poll(() => state.isOver).toBe(true)
  expect(state.givenBytes).toBeLessThan(LENGTH)
  client.resume()
  await once(client, 'close')
})

test('a reader who reads gets it all', async () => {
  const { state, url } = await serve(60_000)
  const answer = await fetch(url)
  expect((await answer.bytes()).length).toBe(LENGTH)
  expect(state.isOver).toBe(true)
})
