import type { FastifyRequest } from 'fastify'
import { editTokenOf } from './request-options.ts'
import { slugOf } from './slug-param.ts'

/** What a request for something of a paste's owner says: the slug of its path, and the edit token, if it has one. */
export function ownerRequest(request: FastifyRequest): { slug: string; editToken: string | undefined } {
  return { slug: slugOf(request), editToken: editTokenOf(request) }
}
