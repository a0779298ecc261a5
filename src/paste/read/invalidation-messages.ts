import type { RandomSource } from '../../core/index.ts'
import { isSlug } from '../../shortening/index.ts'

/** Where replicas tell each other which pastes changed. */
export const CHANNEL = 'paste:changed'

/**
 * Is told what became of each message: `sent` or `unsent` here, `heard` from another replica, `own` come back, `garbage`
 * that no replica of this version writes, and `start` whenever listening begins (again).
 */
export type NewsCount = (what: 'sent' | 'unsent' | 'heard' | 'own' | 'garbage' | 'start') => void

// Grows whenever the message changes its shape; replicas of two versions then rely on the age of what they keep.
const VERSION = '1'
const MESSAGE = /^1 ([A-Za-z0-9_-]{8}) ([A-Za-z0-9_-]{1,64})$/

/** Writes and reads the messages of one replica, which knows its own by a random name. */
export function createChangeNews({ random, count }: { random: RandomSource; count: NewsCount }) {
  const sender = random.bytes(6).toString('base64url')
  return {
    /** `1 <sender> <slug>`, at most 75 bytes. */
    write: (slug: string) => `${VERSION} ${sender} ${slug}`,
    /** The slug that another replica changed; undefined for everything else. */
    read(message: string): string | undefined {
      const [, from, slug = ''] = MESSAGE.exec(message) ?? []
      const what = !isSlug(slug) ? 'garbage' : from === sender ? 'own' : 'heard'
      count(what)
      return what === 'heard' ? slug : undefined
    },
  }
}
