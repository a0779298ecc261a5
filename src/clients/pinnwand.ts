import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError } from '../core/index.ts'
import { documentedBy, isForm, validate } from '../http/index.ts'
import {
  type CreatedPaste,
  creatorOf,
  expiryOfWords,
  type OtherJson,
  type PasteOptions,
  recordCreate,
} from '../paste/index.ts'
import { answersAs, bodyOf, type DialectDeps, languageIs, PLAIN, words } from './dialect.ts'

const loadSchemas = () => import('./dialect-schemas.ts')
const documented = documentedBy(loadSchemas)
/** Names that steck may choose from; any other language of the page's highlighter works as well. */
const LEXERS = (
  'bash c c++ csharp css diff dockerfile go haskell html ini java javascript json kotlin lua makefile markdown nginx perl ' +
  'php python ruby rust shell sql text toml typescript xml yaml'
).split(' ')
const EXPIRIES = { '1hour': 3_600, '1day': 86_400, '1week': 604_800 }

/**
 * pinnwand's `POST /api/v1/paste` (supakeen/pinnwand, doc/usage.rst), which is also the predecessor's: `files` decides. The
 * link for removal works with DELETE; a GET that removes would be followed by previews.
 */
export function pinnwandJson(deps: DialectDeps) {
  return (request: FastifyRequest): OtherJson<{ link: string; removal: string }> =>
    (value) => {
      if (value.files === undefined) return undefined
      return create(request, value)
    }

  async function create(request: FastifyRequest, value: unknown) {
    const { expiry, files } = await validate(
      loadSchemas().then((s) => s.PinnwandPasteSchema),
      value,
    )
    const [file, ...more] = files
    if (file === undefined || more.length > 0)
      throw new AppError('too_many_files', { detail: 'Send one file in each request.' })
    const options = { ...languageIs(file.lexer ?? ''), ...expiryIs(expiry ?? '') }
    const created = await deps.pastes.create(options, bodyOf(file.content, file.name ?? undefined))
    recordCreate(deps.events, 'shell', created, request)
    return linksOf(created, deps)
  }
}

/** pinnwand's lists for steck, and its form for curl (`raw=<-`), answered in three lines. */
export function pinnwandRoutes(app: FastifyInstance, deps: DialectDeps): void {
  const { guards } = deps
  const creator = creatorOf(deps, { fields: { lexer: languageIs, expiry: expiryIs } })
  const list = (url: string, operationId: string, values: Record<string, string | number>) =>
    app.route({
      method: 'GET',
      url,
      onRequest: guards.lookup,
      config: documented((s) => ({
        operationId,
        summary: 'Values that pinnwand clients may choose from',
        tags: ['pinnwand'],
        response: { 200: s.PinnwandListSchema },
      })),
      handler: async () => values,
    })
  list('/api/v1/lexer', 'listLexers', Object.fromEntries(LEXERS.map((name) => [name, name])))
  list('/api/v1/expiry', 'listExpiries', EXPIRIES)
  app.route({
    method: 'POST',
    url: '/curl',
    onRequest: [answersAs(words), ...guards.create],
    handler: async (request, reply) => {
      const created = await (isForm(request) ? creator.ofForm(request, reply) : creator.ofFields(request, reply))
      recordCreate(deps.events, 'shell', created, request)
      const { link, removal } = linksOf(created, deps)
      reply.header('x-edit-token', created.editToken).header('cache-control', 'no-store').type(PLAIN)
      const raw = `${deps.publicUrl()}/raw/${created.paste.slug}`
      return `Paste URL:   ${link}\nRaw URL:     ${raw}\nRemoval URL: ${removal}\n`
    },
  })
}

function linksOf({ paste, editToken }: CreatedPaste, { publicUrl }: DialectDeps) {
  const link = `${publicUrl()}/${paste.slug}`
  return { link, removal: `${link}/${editToken}` }
}

function expiryIs(expiry: string): PasteOptions {
  return expiry === '' ? {} : { expiresIn: expiryOfWords(expiry) }
}
