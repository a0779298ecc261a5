import { isSlug } from '../../shortening/index.ts'
import type { PasteRepository } from '../rows/index.ts'

const MAX_LENGTH = 64

/** A free slug similar to a taken one: `build-log-2` for `build-log`, or -3 …; null when five of them are taken. */
export async function suggestSlug(slug: string, repository: Pick<PasteRepository, 'find'>): Promise<string | null> {
  const stem = slug.replace(/-\d{1,3}$/, '').slice(0, MAX_LENGTH - 4)
  for (let number = 2; number <= 6; number++) {
    const candidate = `${stem}-${number}`
    if (isSlug(candidate) && (await repository.find(candidate)) === undefined) return candidate
  }
  return null
}
