import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { useService } from './support/service.ts'

describe('requests that are sent before the answers to earlier ones are read', () => {
  const service = useService()
  const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: paste.test\r\n\r\n`

  async function answersTo(requests: string): Promise<string[]> {
    const socket = connect(service.port, '127.0.0.1').on('error', () => {})
    let text = ''
    socket.setEncoding('latin1').on('data', (piece: string) => {
      text += piece
    })
    socket.write(requests)
    // A connection that is cut off may end with an error.
    await once(socket, 'close').catch(() => {})
    return text.match(/^HTTP\/1\.1 \d{3}/gm) ?? []
  }

  test('are answered in their order while they are few', async () => {
    const paths = Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? '/robots.txt' : '/nowhere'))
    const last = 'GET /help HTTP/1.1\r\nHost: paste.test\r\nConnection: close\r\n\r\n'
    const answers = await answersTo(paths.map(get).join('') + last)
    expect(answers).toEqual([...paths.map((path) => `HTTP/1.1 ${path === '/nowhere' ? 404 : 200}`), 'HTTP/1.1 200'])
  })

  test('end the connection when thousands wait', async () => {
    const answers = await answersTo(get('/robots.txt').repeat(20_000))
    expect(answers.length).toBeLessThan(1_000)
    expect((await service.request('GET /robots.txt')).status).toBe(200)
    expect(service.crashes).toEqual([])
  })
})
