import type { RandomSource } from '../../core/index.ts'
import { isSlug } from '../../shortening/index.ts'

/** The channel of invalidation messages. */
export const CHANNEL = 'paste:changed'

/**
 * Counts messages by their fate: `sent` or `unsent` by this replica, `heard` from another, `own` received back,
 * `garbage` that no replica of this version writes, and `start` for each beginning of a subscription.
 */
export type CountMessage = (fate: 'sent' | 'unsent' | 'heard' | 'own' | 'garbage' | 'start') => void

// Grows with the format. Replicas of two versions ignore each other's messages and rely on the cache's maximum age.
const VERSION = '1'
const MESSAGE = /^1 ([A-Za-z0-9_-]{8}) ([A-Za-z0-9_-]{1,64})$/

/** Writes and reads the messages of one replica, whose random sender name marks its own. */
export function createInvalidationMessages({ random, count }: { random: RandomSource; count: CountMessage }) {
  const sender = random.bytes(6).toString('base64url')
  return {
    /** `1 <sender> <slug>`, at most 75 bytes. */
    write: (slug: string) => `${VERSION} ${sender} ${slug}`,
    /** The slug that another replica changed; undefined for all other messages. */
    read(message: string): string | undefined {
      const [, from, slug = ''] = MESSAGE.exec(message) ?? []
      const fate = !isSlug(slug) ? 'garbage' : from === sender ? 'own' : 'heard'
      count(fate)
      return fate === 'heard' ? slug : undefined
    },
  }
}
