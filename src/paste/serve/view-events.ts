import type { FastifyRequest } from 'fastify'
import type { PasteEvents, Via } from '../../core/index.ts'
import type { CreatedPaste, Paste } from '../model/index.ts'
import type { Selection } from './line-query.ts'

/**
 * Records a view: a GET that begins to send a paste's page or content from its beginning. Not views: HEAD, 304, failures,
 * continuations (a range after the first byte, lines after the first), further requests of the paste's own page, which
 * have a header, and claims.
 */
export function recordView(events: PasteEvents, via: Via, paste: Paste, request: FastifyRequest): void {
  if (request.raw.headers['x-requested-with'] !== 'page') events.happened('view', via, paste, request)
}

/** Whether a selection starts at the beginning of the content. */
export function isBeginning(selection: Selection): boolean {
  return selection.kind !== 'lines' || selection.first === 1
}

/** Records a create, but not a repetition of its request. */
export function recordCreate(events: PasteEvents, via: Via, created: CreatedPaste, request: FastifyRequest): void {
  if (!created.again) events.happened('create', via, created.paste, request)
}
