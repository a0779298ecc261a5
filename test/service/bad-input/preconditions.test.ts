import { afterwards } from '../support/afterwards.ts'
import { type BadInput, badInput, refused } from '../support/bad-input.ts'
import { onEmbedded } from '../support/lanes.ts'
import { type Fields, request } from '../support/message.ts'
import type { Service } from '../support/service.ts'

/** A change of a fresh paste under conditions made of its metadata's ETag. */
const change = (method: string, conditions: (tag: string) => Fields) => async (service: Service) => {
  const { slug, editToken } = await service.create()
  const { headers } = await service.request(`GET /api/v1/pastes/${slug}`)
  const fields = { Authorization: `Bearer ${editToken}`, ...conditions(headers.etag ?? '') }
  if (method === 'DELETE') return request(`DELETE /api/v1/pastes/${slug}`, fields)
  return request(`PATCH /api/v1/pastes/${slug}`, { 'Content-Type': 'application/json', ...fields }, '{"title":"x"}')
}
const unmet = (line: number, what: string, asking: BadInput['asking']) =>
  refused(line, what, asking, 412, 'precondition_failed')

const lines: BadInput[] = [
  unmet(
    103,
    'DELETE If-Match with another tag',
    change('DELETE', () => ({ 'If-Match': '"other"' })),
  ),
  unmet(
    103,
    'DELETE If-Match with a weak tag',
    change('DELETE', (tag) => ({ 'If-Match': `W/${tag}` })),
  ),
  unmet(
    103,
    'PATCH If-Match with another tag',
    change('PATCH', () => ({ 'If-Match': '"other"' })),
  ),
  unmet(
    103,
    'PATCH If-Match that is no tag',
    change('PATCH', () => ({ 'If-Match': 'x' })),
  ),
  unmet(104, 'PUT If-None-Match: * to a live slug', async (service) => {
    const { slug } = await service.create()
    return request(`PUT /${slug}`, { 'If-None-Match': '*' }, 'x')
  }),
  unmet(
    105,
    'DELETE If-Unmodified-Since an older date',
    change('DELETE', () => ({ 'If-Unmodified-Since': 'Sat, 01 Jan 2000 00:00:00 GMT' })),
  ),
]

onEmbedded('bad input: conditions of a change', (service) => {
  badInput(service, lines)
  afterwards(service)
})
