import type { Answer } from '../../service/support/answer.ts'
import { BOUNDARY, type Fields, type FormPart, formBody } from '../../service/support/message.ts'
import type { Service } from '../../service/support/service.ts'

/** Posts a multipart form to any address. */
export function postForm(service: Service, path: string, parts: FormPart[], fields: Fields = {}): Promise<Answer> {
  const type = { 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}` }
  return service.request(`POST ${path}`, { ...type, ...fields }, formBody(parts))
}

/** The slug in an answer of one line. */
export function slugOf(answer: Answer): string {
  return slugOfLine(answer.text())
}

/** The slug in a line with an address. */
export function slugOfLine(line: string): string {
  const slug = line.trimEnd().split('/').at(-1)?.split('.')[0]
  if (!slug) throw new Error(`no address: ${line}`)
  return slug
}

/** Hours from now until a paste ends. */
export async function hoursLeft(service: Service, slug: string): Promise<number> {
  const { createdAt, expiresAt } = (await service.request(`GET /api/v1/pastes/${slug}`)).json()
  return Math.round((Date.parse(expiresAt) - Date.parse(createdAt)) / 3_600_000)
}
