import type { Content } from '../../content/index.ts'
import type { EventPaste, PasteEvents, RandomSource } from '../../core/index.ts'
import type { Sweepable } from '../../expiry/index.ts'
import type { PasteCache } from '../read/index.ts'
import {
  type DueRow,
  discardObjects,
  LEASE_MS,
  newMark,
  nextStep,
  type PasteRepository,
  settleWrite,
} from '../rows/index.ts'

/**
 * The sweeper's work on pastes. Each step claims its row by a conditional statement, so any number of replicas may
 * sweep at once, and one that freezes in the middle does no harm when it resumes.
 */
export function sweepablePastes(deps: {
  repository: PasteRepository
  content: Content
  cache: PasteCache
  events: PasteEvents
  random: RandomSource
}): Sweepable<DueRow> {
  const { repository, content, cache, events } = deps
  return {
    name: 'pastes',
    listDue: repository.listDue,
    backlog: repository.backlog,
    async purge(row, now) {
      const dueAt = row.purge_at ?? 0
      const step = nextStep(row, now)
      switch (step.type) {
        case 'end': {
          const { reason, endedAt, purgeAt, garbage } = step
          const mark = newMark(deps.random)
          const end = { end_reason: reason, ended_at: endedAt, purge_at: purgeAt, garbage, write_id: mark }
          const from = row.state === 'live' ? 'live' : 'uploading'
          const ending = repository.end(row.slug, from, end, { version: row.version, purge_at: dueAt })
          const ended = await settleWrite(ending, () => repository.find(row.slug), mark)
          // Other replicas check the expiry themselves, so no invalidation is sent.
          if (ended === 1) cache.drop(row.slug)
          if (ended === 1 && reason === 'expired') events.happened('end', 'sweeper', toEventPaste(row), null)
          return ended === 1
        }
        case 'dropPending':
          // After this the edit can't finish, so its object is garbage.
          return (
            (await repository.moveOn(row, dueAt, {
              pending_key: null,
              garbage: step.garbage,
              purge_at: step.purgeAt,
            })) === 1
          )
        case 'removeObjects': {
          const claim = now + LEASE_MS
          if ((await repository.moveOn(row, dueAt, { purge_at: claim })) !== 1) return false
          if (step.twice) await discardObjects(deps, step.keys, now)
          else for (const key of step.keys) await content.remove(key)
          if (step.then === 'forget') await repository.forget(row.slug, claim)
          else await repository.moveOn(row, claim, { garbage: null, purge_at: step.purgeAt })
          return true
        }
        case 'forget':
          await repository.forget(row.slug, dueAt)
          // An abandoned upload never was a paste, so nothing was recorded of it.
          if (row.end_reason !== 'abandoned') events.forgotten(row.slug)
          return true
        case 'reschedule':
          return (await repository.moveOn(row, dueAt, { purge_at: step.purgeAt })) === 1
      }
    },
  }
}

function toEventPaste({ slug, visibility, max_views, size_bytes }: DueRow): EventPaste {
  return { slug, visibility, maxViews: max_views, content: { sizeBytes: size_bytes } }
}
