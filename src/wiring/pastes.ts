import { type Content, createContent } from '../content/index.ts'
import type { Clock, PasteEvents, RandomSource } from '../core/index.ts'
import { createPastes, createSharedRows, createUploadSlots, type Screen } from '../paste/index.ts'
import type { Metrics } from '../platform/index.ts'
import type { Config } from '../settings/index.ts'
import type { Backends } from './backends.ts'
import { expiryOf } from './limits.ts'
import type { Recording } from './recording.ts'
import { sharedFrames } from './shared-frames.ts'
import { openSpace } from './space.ts'
import type { WrongValues } from './wrong-values.ts'

/** What pastes are made from. */
export type PasteDeps = {
  config: Config
  backends: Backends
  metrics: Metrics
  recording: Recording
  wrong: WrongValues
  events: PasteEvents
  clock: Clock
  random: RandomSource
  screen: Screen
}

/** Of the cache's memory, the share of pastes with small bodies; frames get the rest. */
const PASTES_SHARE = 0.5

/** Joins pastes with database, store and Redis. `reserved` gets the names of routes once they are known. */
export function openPastes({ config, backends, metrics, recording, wrong, events, clock, random, screen }: PasteDeps) {
  const { database, store, redis, maxAgeMs } = backends
  const changes = metrics.counter('paste_change_messages_total', 'Messages about changed pastes, by their fate', 'fate')
  const content: Content = createContent({
    store,
    cacheBytes: config.cacheBytes * (1 - PASTES_SHARE),
    inlineMaxBytes: config.inlineMaxBytes,
    sharedCache: redis && sharedFrames(redis),
    countDamage: wrong.damaged,
    ...recording.ofContent,
  })
  const reserved = new Set<string>()
  const uploads = createUploadSlots(config.maxUploads)
  const opened = createPastes({
    db: database.db,
    content,
    clock,
    random,
    limits: config,
    expiry: expiryOf(config),
    reserved,
    uploads,
    space: openSpace(config, backends),
    screen,
    events,
    cache: {
      maxBytes: config.cacheBytes * PASTES_SHARE,
      maxAgeMs,
      count: recording.cache('pastes'),
      shared:
        redis &&
        createSharedRows(redis, { clock, random, maxAgeMs, count: changes, refused: () => wrong.refused('row') }),
    },
  })
  return { ...opened, content, uploads, reserved }
}
