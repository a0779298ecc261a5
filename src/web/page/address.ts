import { AppError } from '../../core/index.ts'
import { SLUG_CHARACTER } from '../../paste/index.ts'

// Slugs hold no dot: what follows the first one is the wish for a language.
const ADDRESS = new RegExp(`^(${SLUG_CHARACTER}{1,64})(?:\\.([A-Za-z0-9+#-]{1,32}))?$`)

/** A slug and the file ending after it, if any; throws `not_found` for what can be neither. */
export function parseAddress(segment: string): { slug: string; ending: string } {
  const match = ADDRESS.exec(segment)
  if (!match) throw new AppError('not_found')
  return { slug: match[1] ?? '', ending: match[2] ?? '' }
}
