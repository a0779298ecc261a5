import type { FastifyRequest } from 'fastify'
import type { PasteEvents, Via } from '../../core/index.ts'
import type { CreatedPaste, Paste } from '../model/index.ts'
import type { Selection } from './line-query.ts'

/**
 * Says that a paste was viewed. That is: the answer to a GET that begins to send its page or its content, from the
 * beginning of it. No views are HEAD, 304, what fails, and what goes on with something begun: a range that begins
 * behind the first byte (the second of a download in parts, or one resumed), lines that begin behind the first, and
 * what a paste's own page fetches to show more of it, which says so in a header. A reading that is counted is a claim
 * instead.
 */
export function recordView(events: PasteEvents, via: Via, paste: Paste, request: FastifyRequest): void {
  if (request.raw.headers['x-requested-with'] !== 'page') events.happened('view', via, paste, request)
}

/** Whether a selection is where somebody begins to read. */
export function isBeginning(selection: Selection): boolean {
  return selection.kind !== 'lines' || selection.first === 1
}

/** Says that a paste was made, once for however many repetitions of the request. */
export function recordCreate(events: PasteEvents, via: Via, created: CreatedPaste, request: FastifyRequest): void {
  if (!created.again) events.happened('create', via, created.paste, request)
}
