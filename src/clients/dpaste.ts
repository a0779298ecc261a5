import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isForm } from '../http/index.ts'
import { type CreateRules, creatorOf, type FormCreated, recordCreate } from '../paste/index.ts'
import { answersAs, type DialectDeps, JSON_TYPE, languageIs, words } from './dialect.ts'

const nothing = () => ({})

/** dpaste.com's fields (API v2); pastebinit and wgetpaste send them. */
const V2: NonNullable<CreateRules['fields']> = {
  syntax: languageIs,
  poster: nothing,
  expiry_days: (days) => (days === '' ? {} : { expiresIn: `${days}d` }),
}

/** dpaste.org's fields (DarrenOfficial/dpaste, views.py). */
const V1: NonNullable<CreateRules['fields']> = {
  format: nothing,
  lexer: (lexer) => languageIs(lexer.replace(/^_/, '')),
  filename: (fileName) => (fileName === '' ? {} : { fileName }),
  expires(expires) {
    if (expires === 'onetime') return { burnAfterReading: true }
    return expires === '' ? {} : { expiresIn: /^\d{1,12}$/.test(expires) ? Number(expires) : expires }
  },
}

/** The calls of dpaste.com and dpaste.org: forms of either encoding, answered with an address. */
export function dpasteRoutes(app: FastifyInstance, deps: DialectDeps): void {
  const route = (
    url: string,
    fields: NonNullable<CreateRules['fields']>,
    answer: (created: FormCreated, url: string) => string,
  ) => {
    const creator = creatorOf(deps, { fields })
    app.route({
      method: 'POST',
      url,
      onRequest: [answersAs(words), ...deps.guards.create],
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const created = await (isForm(request) ? creator.ofForm(request, reply) : creator.ofFields(request, reply))
        recordCreate(deps.events, 'shell', created, request)
        const address = `${deps.publicUrl()}/${created.paste.slug}`
        reply.code(201).header('location', address).header('x-edit-token', created.editToken)
        const text = answer(created, address)
        if (text.startsWith('{')) reply.type(JSON_TYPE)
        else reply.type('text/plain; charset=utf-8')
        return reply.header('cache-control', 'no-store').send(text)
      },
    })
  }
  for (const url of ['/api/v2/', '/api/v2']) route(url, V2, (_created, address) => `${address}\n`)
  for (const url of ['/api/', '/api']) route(url, V1, formatted)
}

function formatted({ form, paste }: FormCreated, address: string): string {
  const { format = 'default' } = form?.fields ?? {}
  if (format === 'url') return `${address}\n`
  if (format === 'json') return JSON.stringify({ url: address, lexer: paste.language ?? '' })
  return `"${address}"`
}
