import type { FastifyRequest } from 'fastify'
import { editTokenOf } from './request-options.ts'
import { slugOf } from './slug-param.ts'

/** The slug and edit token of an owner's request. */
export function ownerRequest(request: FastifyRequest): { slug: string; editToken: string | undefined } {
  return { slug: slugOf(request), editToken: editTokenOf(request) }
}
