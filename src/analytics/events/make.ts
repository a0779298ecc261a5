import { createHmac } from 'node:crypto'
import type { EventPaste, RandomSource } from '../../core/index.ts'
import type { Salts, Visitor } from '../views/index.ts'
import type { Happening } from './collect.ts'
import type { AnalyticsEvent } from './schema.ts'
import { EVENT_VERSION } from './version.ts'

const ID_BYTES = 12
const SLUG_HASH_BYTES = 16
const MOST_SLUGS = 4_096

/** What else is known of something that happened. */
export type EventFacts = { visitor: Visitor | undefined; referrer: string | null; country: string | null }

/**
 * Makes events. The slug of a public paste whose readings aren't counted is sent as it is; any other becomes `~` and a
 * keyed hash, so that its events can be counted together without revealing its address.
 */
export function createEventMaker(deps: { random: RandomSource; salts: Salts; replica: string }) {
  let hashes = new Map<string, string>()
  let hashedWith = ''

  function nameOf({ slug, visibility, maxViews }: EventPaste): string {
    if (visibility === 'public' && maxViews === null) return slug
    const key = deps.salts.slugKey()
    if (hashes.size >= MOST_SLUGS || key !== hashedWith) hashes = new Map()
    hashedWith = key
    let name = hashes.get(slug)
    if (name === undefined) {
      name = `~${createHmac('sha256', key).update(slug).digest().toString('base64url', 0, SLUG_HASH_BYTES)}`
      hashes.set(slug, name)
    }
    return name
  }

  return ({ action, via, paste, at }: Happening, { visitor, referrer, country }: EventFacts): AnalyticsEvent => ({
    version: EVENT_VERSION,
    id: deps.random.bytes(ID_BYTES).toString('base64url'),
    timestamp: at,
    action,
    paste: nameOf(paste),
    user: visitor?.user ?? null,
    replica: deps.replica,
    via,
    agent: visitor?.isBot ? 'bot' : 'human',
    referrer,
    country,
    sizeBytes: paste.content.sizeBytes,
  })
}
