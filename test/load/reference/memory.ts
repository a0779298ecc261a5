// What reading a paste costs at the very least: a bare Fastify route that sends the same bytes from memory, whatever
// the slug. FILE is what it sends.
import { readFileSync } from 'node:fs'
import Fastify from 'fastify'

const { PORT = '', FILE = '' } = process.env

const bytes = readFileSync(FILE)
const app = Fastify()
app.get('/raw/:slug', (_request, reply) => {
  reply.type('text/plain; charset=utf-8').send(bytes)
})
await app.listen({ port: Number(PORT) })
