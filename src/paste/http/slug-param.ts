import type { FastifyRequest } from 'fastify'
import { editTokenOf } from './request-options.ts'

/** The path parameters of a route on one paste, as OpenAPI shows them. */
export const SLUG_PARAMS = { type: 'object', properties: { slug: { type: 'string' } }, required: ['slug'] }

/** Path of one paste in the REST API. */
export const PASTE_PATH = '/api/v1/pastes/:slug'

/** The slug in a request's path, unchecked. */
export function slugOf(request: FastifyRequest): string {
  return (request.params as { slug: string }).slug
}

/** The slug and edit token of an owner's request. */
export function ownerRequest(request: FastifyRequest): { slug: string; editToken: string | undefined } {
  return { slug: slugOf(request), editToken: editTokenOf(request) }
}
