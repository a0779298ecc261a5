import { AppError } from '../../core/index.ts'
import type { PasteOptions } from '../model/index.ts'
import type { RequestOptions } from './request-options.ts'

const OF_LINKS = new Set(['slug', 'expiresIn', 'expiresAt'])

/** The options of a request that makes a short link. Throws `unknown_field` for those that only pastes have. */
export function linkOptions({ options, fileName }: RequestOptions): PasteOptions {
  const other = Object.keys({ ...options, ...(fileName && { fileName }) }).find((name) => !OF_LINKS.has(name))
  if (other === undefined) return options
  throw new AppError('unknown_field', {
    detail: `A short link has no option ${other}, only slug, expiresIn and expiresAt.`,
    members: { pointer: `/${other}` },
  })
}
