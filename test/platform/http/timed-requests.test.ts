import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { timeRequests } from '../../../src/platform/http/index.ts'
import { patiently } from '../../patience.ts'

type Heard = { method: string; route: string; hundreds: number; durationMs: number; bytesIn: number; bytesOut: number }

describe('the timing of requests', () => {
  const heard: Heard[] = []
  let app: FastifyInstance
  let port: number
  beforeAll(async () => {
    app = Fastify({ exposeHeadRoutes: false })
    const timeOther = timeRequests(app, [
      (method, route) => (hundreds, durationMs, bytesIn, bytesOut) =>
        void heard.push({ method, route, hundreds, durationMs, bytesIn, bytesOut }),
    ])
    app.route({ method: ['GET', 'HEAD'], url: '/raw/:slug', handler: async () => 'content' })
    app.get('/never', () => new Promise(() => {}))
    app.get('/slow', async () => {
      await new Promise((resolve) => setTimeout(resolve, 30))
      return ''
    })
    app.get('/live', { config: { untimed: true } }, async () => 'x')
    app.setNotFoundHandler((request, reply) => {
      timeOther(request, reply)
      reply.code(404).send('nothing')
    })
    await app.listen({ port: 0, host: '127.0.0.1' })
    port = (app.server.address() as { port: number }).port
  })
  afterAll(() => app.close())

  const open = () => connect(port, '127.0.0.1')
  const send = async (socket: Socket, start: string): Promise<{ sent: string; got: Buffer }> => {
    const sent = `${start} HTTP/1.1\r\nHost: x\r\n\r\n`
    socket.write(sent)
    const [got] = (await once(socket, 'data')) as [Buffer]
    return { sent, got }
  }
  const next = async (before: number) => {
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(before), { interval: 2, timeout: patiently(8_000) })
    return heard.at(-1)
  }
  const ask = async (start: string) => {
    const before = heard.length
    const socket = open()
    await send(socket, start)
    socket.destroy()
    return next(before)
  }

  test('names the method and the route, never the address', async () => {
    expect(await ask('GET /raw/secret')).toMatchObject({ method: 'GET', route: '/raw/:slug', hundreds: 2 })
    expect(await ask('HEAD /raw/secret')).toMatchObject({ method: 'HEAD', route: '/raw/:slug', hundreds: 2 })
  })

  test('counts the bytes of each request of a connection for itself', async () => {
    const socket = open()
    for (const path of ['/raw/a', '/raw/much-longer', '/raw/b']) {
      const before = heard.length
      const { sent, got } = await send(socket, `GET ${path}`)
      expect(await next(before)).toMatchObject({ bytesIn: sent.length, bytesOut: got.length })
    }
    socket.destroy()
  })

  test('lasts until the answer is sent', async () => {
    expect((await ask('GET /slow'))?.durationMs).toBeGreaterThanOrEqual(29)
  })

  test('hears of a client that left before an answer began, as of a refused one', async () => {
    const before = heard.length
    const socket = open()
    socket.write('GET /never HTTP/1.1\r\nHost: x\r\n\r\n')
    await once(socket, 'connect')
    await vi.waitFor(async () => {
      const count = await new Promise((resolve) => app.server.getConnections((_error, open) => resolve(open)))
      expect(count).toBeGreaterThan(0)
    }, patiently(8_000))
    socket.end()
    socket.destroy()
    expect(await next(before)).toMatchObject({ route: '/never', hundreds: 4 })
  })

  test('has one name for everything that meets no route', async () => {
    expect(await ask('GET /wp-login.php')).toMatchObject({ method: 'GET', route: 'none', hundreds: 4 })
    expect(await ask('GET /other')).toMatchObject({ method: 'GET', route: 'none', hundreds: 4 })
  })

  test('leaves out what lasts as long as the client likes', async () => {
    const before = heard.length
    const socket = open()
    await send(socket, 'GET /live')
    await send(socket, 'GET /raw/x')
    socket.destroy()
    await next(before)
    expect(heard.slice(before).map(({ route }) => route)).toEqual(['/raw/:slug'])
  })
})
