import type { FastifyRequest, onRequestHookHandler } from 'fastify'
import type { PasteEvents } from '../core/index.ts'
import { documentedBy } from '../http/index.ts'
import type { Pastes } from '../paste/index.ts'
import type { Denied } from './denied.ts'

/** What the operator's routes need. */
export type ModerationDeps = {
  pastes: Pick<Pastes, 'inspect' | 'takeDown'>
  events: PasteEvents
  denied: Pick<Denied, 'add' | 'remove'>
  /** Lets only an operator pass; throws `admin_only` where there is no admin token, `token_*` without it. */
  requireOperator(request: FastifyRequest): void
  guards: { edit: onRequestHookHandler[] }
}

/** Describes a route by the schemas of this room. */
export const documented = documentedBy(() => import('./schemas.ts'))
/** Security in the OpenAPI document: the admin token. */
export const SECURITY = [{ adminToken: [] }]
