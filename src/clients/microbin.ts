import type { FastifyInstance } from 'fastify'
import { AppError } from '../core/index.ts'
import { type CreateRules, creatorOf, expiryOfWords, type PasteOptions, recordCreate } from '../paste/index.ts'
import { answersAs, type DialectDeps, languageIs, PLAIN, words } from './dialect.ts'

/** MicroBin's kinds of privacy that need no key. Only the edit token changes a paste, so each of ours is read-only. */
const PRIVACY: Readonly<Record<string, PasteOptions>> = {
  '': {},
  public: { visibility: 'public' },
  unlisted: { visibility: 'unlisted' },
  readonly: { visibility: 'unlisted' },
}

/** MicroBin's fields (src/endpoints/create.rs). The form sends all of them, empty where nothing was chosen. */
const FIELDS: NonNullable<CreateRules['fields']> = {
  expiration: (words) => (words === '' ? {} : { expiresIn: expiryOfWords(words) }),
  burn_after: (count) => (count === '' || count === '0' ? {} : { maxViews: Number(count) }),
  syntax_highlight: languageIs,
  privacy(kind) {
    const options = Object.hasOwn(PRIVACY, kind) ? PRIVACY[kind] : undefined
    return options ?? refuse('privacy', `The privacy ${JSON.stringify(kind)} needs a key, which is not kept here.`)
  },
  plain_key: (key) => (key === '' ? {} : refuse('plain_key', 'There are no keys here.')),
  encrypted_random_key: (key) => (key === '' ? {} : refuse('encrypted_random_key', 'There are no keys here.')),
  uploader_password: (word) => (word === '' ? {} : refuse('uploader_password', 'There are no passwords here.')),
}

/** MicroBin's form, `POST /upload`: answered with a redirection to the paste. */
export function microbinRoutes(app: FastifyInstance, deps: DialectDeps): void {
  const creator = creatorOf(deps, { fields: FIELDS })
  app.route({
    method: 'POST',
    url: '/upload',
    onRequest: [answersAs(words), ...deps.guards.create],
    handler: async (request, reply) => {
      const created = await creator.ofForm(request, reply)
      recordCreate(deps.events, 'shell', created, request)
      reply
        .code(302)
        .header('location', `${deps.base}/upload/${created.paste.slug}`)
        .header('x-edit-token', created.editToken)
      return reply.header('cache-control', 'no-store').type(PLAIN).send(`${deps.publicUrl()}/${created.paste.slug}\n`)
    },
  })
  app.route({
    method: 'GET',
    url: '/upload/:name',
    onRequest: deps.guards.lookup,
    handler: async (request, reply) =>
      reply.redirect(`${deps.base}/${encodeURIComponent((request.params as { name: string }).name)}`, 302),
  })
}

function refuse(name: string, detail: string): never {
  throw new AppError('unknown_field', { detail, members: { pointer: `/${name}` } })
}
