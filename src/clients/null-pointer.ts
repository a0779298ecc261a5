import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError } from '../core/index.ts'
import { isForm, readWhole } from '../http/index.ts'
import { type CreatedPaste, type PasteOptions, sourceOf } from '../paste/index.ts'
import { answersAs, type DialectDeps, notAllowed, withoutEnding, words } from './dialect.ts'

const HOUR_SECONDS = 3_600
/** 0x0 takes a number of at least this for epoch milliseconds, a lesser one for hours. */
const LEAST_EPOCH_MS = 1_650_460_320_000
const MOST_DIGITS = 15
const FORM = /^(?:multipart\/form-data|application\/x-www-form-urlencoded)\b/i
/** A token and an expiry, with the words that a form has around them. */
const FORM_LIMIT_BYTES = 16 * 1024

/** 0x0's fields of a form beside the file. */
export const managedFields = { expires: expiryOf }

/** 0x0's headers of what a form made: the token that manages it, and when it ends. */
export function managedHeaders({ paste, editToken }: CreatedPaste, request: FastifyRequest): Record<string, string> {
  if (!isForm(request)) return {}
  return { 'x-token': editToken, ...(paste.expiresAt !== null && { 'x-expires': `${paste.expiresAt}` }) }
}

/**
 * 0x0's management of a file (its index page): a form with `token`, and `delete` or `expires` in hours or epoch ms, posted
 * to the file's address.
 */
export function nullPointerRoutes(app: FastifyInstance, { pastes, guards, events }: DialectDeps): void {
  app.route({
    method: 'POST',
    url: '/:name',
    onRequest: [answersAs(words), ...guards.edit],
    handler: async (request, reply) => {
      if (!FORM.test(request.headers['content-type'] ?? '')) throw notAllowed(request, 'GET', 'HEAD', 'PUT', 'DELETE')
      const slug = withoutEnding((request.params as { name: string }).name)
      await pastes.find(slug)
      const { token, ...rest } = await formOf(request, await readWhole(sourceOf(request, reply), FORM_LIMIT_BYTES))
      const other = Object.keys(rest).find((name) => name !== 'delete' && name !== 'expires')
      if (other !== undefined || Object.keys(rest).length !== 1)
        throw new AppError('unknown_field', { detail: 'Send token, and either delete or expires.' })
      reply.header('cache-control', 'no-store')
      if (rest.delete !== undefined) {
        events.happened('delete', 'shell', await pastes.remove(slug, token), request)
        return reply.send('')
      }
      events.happened('edit', 'shell', await pastes.update(slug, token, expiryOf(rest.expires ?? '')), request)
      return reply.code(202).send('')
    },
  })
}

function expiryOf(value: string): PasteOptions {
  const number = Number(value)
  if (!/^\d+$/.test(value) || value.length > MOST_DIGITS)
    throw new AppError('invalid_expiry', {
      detail: 'Send expires in hours or in epoch milliseconds, as 0x0 has it; expiresIn takes 10m, 2h, 7d, 4w.',
      members: { pointer: '/expires' },
    })
  return number < LEAST_EPOCH_MS ? { expiresIn: number * HOUR_SECONDS } : { expiresAt: new Date(number).toISOString() }
}

/** The text fields of a form, multipart or urlencoded. */
async function formOf(request: FastifyRequest, body: Buffer): Promise<Record<string, string>> {
  const type = request.headers['content-type'] ?? ''
  const response = new Response(new Uint8Array(body), { headers: { 'content-type': type } })
  const fields = await response.formData().catch((cause) => {
    throw new AppError('invalid_multipart', { cause })
  })
  const texts: Record<string, string> = {}
  for (const [name, value] of fields) {
    if (typeof value !== 'string' || Object.hasOwn(texts, name))
      throw new AppError('duplicate_field', { detail: `Send ${JSON.stringify(name)} once, as text.` })
    texts[name] = value
  }
  return texts
}
