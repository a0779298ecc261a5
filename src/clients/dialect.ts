import type { FastifyRequest, onRequestHookHandler } from 'fastify'
import { type Content, sanitiseFileName } from '../content/index.ts'
import { AppError, type Clock, type RandomSource } from '../core/index.ts'
import type { Body, PasteRouteDeps } from '../paste/index.ts'

/** Dependencies of the routes that speak another pastebin's wire format. */
export type DialectDeps = PasteRouteDeps & { content: Content; clock: Clock; random: RandomSource }

/** How a dialect's clients read an error. */
export type Shape = NonNullable<FastifyRequest['problemShape']>

/** The first hook of a dialect's route: whatever refuses the request, its clients understand the answer. */
export function answersAs(shape: Shape): onRequestHookHandler {
  return (request, _reply, done) => {
    request.problemShape = shape
    done()
  }
}

/** Errors as one line, which command-line clients print. */
export const words: Shape = ({ detail }) => ({ mediaType: PLAIN, body: `${detail}\n` })

/** JSON as the media type that every dialect gives it. */
export const JSON_TYPE = 'application/json; charset=utf-8'

/** Text as the media type that every dialect gives it. */
export const PLAIN = 'text/plain; charset=utf-8'

/** Text of a JSON document as a paste's content. Throws `invalid_unicode`. */
export function bodyOf(text: string, fileName?: string): Body {
  if (!text.isWellFormed()) throw new AppError('invalid_unicode')
  return { source: Buffer.from(text), ...(fileName && { fileName: sanitiseFileName(fileName) }) }
}

/** The option that a form's field with a language sets; an empty one, or a word for none, sets none. */
export function languageIs(language: string): { language?: string } {
  return ['', 'None', 'none', 'auto', 'autodetect'].includes(language) ? {} : { language }
}

/** `method_not_allowed` as every other route answers it. */
export function notAllowed(request: FastifyRequest, ...methods: string[]): AppError {
  delete request.problemShape
  return new AppError('method_not_allowed', { headers: { allow: methods.join(', ') } })
}

/** An address's last segment as a slug: slugs hold no dot, so what follows one is an ending that somebody added. */
export function withoutEnding(segment: string): string {
  return segment.split('.', 1)[0] ?? ''
}
