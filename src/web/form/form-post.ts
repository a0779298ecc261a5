import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError, type Clock, isAppError, type PasteEvents } from '../../core/index.ts'
import { pickEncoding } from '../../http/index.ts'
import { fieldPlace, type Pastes, recordCreate, requestOptions } from '../../paste/index.ts'
import { prepare, type Site, sendPage } from '../page/index.ts'
import { renderFormPage } from './form-page.ts'
import { renderResultPage } from './result-page.ts'

/** What the form without scripts needs. */
export type FormPostDeps = {
  site: Site
  pastes: Pastes
  events: PasteEvents
  clock: Clock
  readForm(request: FastifyRequest, reply: FastifyReply): Promise<Record<string, string>>
  headers(): Record<string, string>
}

/**
 * `POST /form`: makes a paste of the form's fields and answers with its address and edit token. What the user got
 * wrong comes back as the form, filled in, with the reason. Throws `csrf` when another site's page sent it.
 */
export function createFormPost(deps: FormPostDeps): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
  const { site, pastes, clock } = deps
  return async (request, reply) => {
    if (request.headers['sec-fetch-site'] === 'cross-site') throw new AppError('csrf')
    const fields = await deps.readForm(request, reply)
    const { html, status } = await post(fields, request)
    const headers = { ...deps.headers(), 'cache-control': 'no-store' }
    const page = await prepare(pickEncoding(request.headers['accept-encoding']), () => ({ html, headers, staleAt: 0 }))
    return sendPage(request, reply, page, status)
  }

  async function post(
    fields: Record<string, string>,
    request: FastifyRequest,
  ): Promise<{ html: string; status: number }> {
    const { content = '', ...others } = fields
    // HTML forms send every line end as CR LF, whatever was typed.
    const text = content.replaceAll('\r\n', '\n')
    try {
      if (text === '')
        throw new AppError('empty_content', { detail: 'There is nothing to post yet. Type or paste some text.' })
      const { options } = await requestOptions(request, [fieldPlace(others)])
      const body = { mediaType: 'text/plain; charset=utf-8', source: Buffer.from(text) }
      const created = await pastes.create(options, body)
      recordCreate(deps.events, 'page', created, request)
      return { html: renderResultPage(site, created, clock.now()), status: 201 }
    } catch (error) {
      if (!isAppError(error) || error.status >= 500) throw error
      return { html: renderFormPage(site, { ...fields, content: text, problem: error.message }), status: error.status }
    }
  }
}
