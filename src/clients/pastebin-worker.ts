import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../core/index.ts'
import { isForm } from '../http/index.ts'
import { type CreateRules, expiryOfWords, type FormCreated, type PasteOptions, readForm } from '../paste/index.ts'
import { type DialectDeps, PLAIN, words } from './dialect.ts'
import type { OtherCall } from './shell.ts'

/** pastebin-worker's fields beside the content `c` (SharzyL/pastebin-worker, doc/api.md). */
export const workerFields: NonNullable<CreateRules['fields']> = {
  e: (expiry) => (expiry === '' ? {} : expiryIs(expiry)),
  n: (name) => (name === '' ? {} : { slug: name }),
  p: () => ({ visibility: 'private' }),
  lang: (language) => (language === '' ? {} : { language }),
  s() {
    throw new AppError('unknown_field', {
      detail: 'A password is not chosen here: it is what follows the colon in manageUrl.',
      members: { pointer: '/s' },
    })
  },
}

/** What pastebin-worker answers to a form that has one of its fields; undefined for any other form. */
export function workerAnswer({ form, paste, editToken }: FormCreated, { publicUrl, clock }: DialectDeps) {
  if (form?.content !== 'c' || !Object.keys(form.fields).some((name) => Object.hasOwn(workerFields, name)))
    return undefined
  const url = `${publicUrl()}/${paste.slug}`
  const { expiresAt } = paste
  return {
    url,
    manageUrl: `${url}:${editToken}`,
    expirationSeconds: expiresAt === null ? null : Math.round((expiresAt - clock.now()) / 1_000),
    expireAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
  }
}

/** `PUT /name:password` with a form, which replaces the content and, with `e`, the expiry. */
export function workerPut(deps: DialectDeps): OtherCall {
  const { pastes, events, limits } = deps
  return (request, reply) => {
    const managed = managedBy(request)
    if (managed === undefined || !isForm(request)) return undefined
    request.problemShape = words
    return put(request, reply, managed)
  }

  async function put(request: FastifyRequest, reply: FastifyReply, { slug, token }: { slug: string; token: string }) {
    await pastes.authorise(slug, token)
    const rules = {
      maxBytes: limits.maxPasteBytes,
      fields: new Set(['e']),
      contents: new Set<string>(),
      mayBeLate: false,
      areNamed: () => false,
    }
    const paste = await readForm(request, reply, rules, async ({ fields, body }) => {
      const replaced = await pastes.replace(slug, token, body)
      return fields.e ? pastes.update(slug, token, expiryIs(fields.e)) : replaced
    })
    events.happened('edit', 'shell', paste, request)
    reply.header('cache-control', 'no-store')
    const form = { fields: { e: '' }, content: 'c' }
    return reply.send(workerAnswer({ paste, editToken: token, form }, deps))
  }
}

/** `DELETE /name:password`. */
export function workerDelete({ pastes, events }: DialectDeps): OtherCall {
  return (request, reply) => {
    const managed = managedBy(request)
    if (managed === undefined) return undefined
    return pastes.remove(managed.slug, managed.token).then((paste) => {
      events.happened('delete', 'shell', paste, request)
      return reply.header('cache-control', 'no-store').type(PLAIN).send('the paste will be deleted in seconds\n')
    })
  }
}

function expiryIs(expiry: string): Pick<PasteOptions, 'expiresIn'> {
  return { expiresIn: expiryOfWords(expiry) }
}

/** The name and the password of an address such as `/name:password`. */
function managedBy(request: FastifyRequest): { slug: string; token: string } | undefined {
  const [, slug, token] = /^~?([^:]+):(.+)$/.exec((request.params as { name: string }).name) ?? []
  return slug === undefined || token === undefined ? undefined : { slug, token }
}
