import type { Check, Operation, Violation } from '../ledger.ts'
import { bySlug, isServed, possibleEnds, STALE_MS } from './values.ts'

const EXPIRY_SLACK_MS = 1_000

/** No replica serves a paste more than a second after its end. */
export const expiredIsGone: Check = (ledger) => {
  const violations: Violation[] = []
  for (const [slug, operations] of bySlug(ledger)) {
    for (const read of operations.filter(isServed)) {
      const ends = possibleEnds(operations, read)
      const end = Math.max(...ends.map(({ to }) => to))
      if (ends.length === 0 || read.startedAt <= end + EXPIRY_SLACK_MS) continue
      const message = `${slug} is served ${Math.round(read.startedAt - end)} ms after its end`
      violations.push({ check: 'expired', message, operations: [read, ...operations.filter(({ sent }) => sent)] })
    }
  }
  return violations
}

/** No replica serves a paste more than 5 s after its delete was acknowledged; the one that deleted it, at no time. */
export const deletedIsGone: Check = (ledger) => {
  const violations: Violation[] = []
  for (const [slug, operations] of bySlug(ledger)) {
    for (const end of operations.filter(({ kind, outcome }) => kind === 'delete' && outcome === 'ok')) {
      for (const read of operations.filter(isServed)) {
        const slackMs = end.via !== 'front' && end.via === read.via ? 0 : STALE_MS
        if (read.startedAt <= end.endedAt + slackMs) continue
        const lateMs = Math.round(read.startedAt - end.endedAt)
        violations.push({
          check: 'deleted',
          message: `${slug} is served ${lateMs} ms after its delete`,
          operations: [read, end],
        })
      }
    }
  }
  return violations
}

/** What caches may keep is never kept past 60 s or the end of the paste, whichever is first. */
export const cachesForget: Check = (ledger) => {
  const violations: Violation[] = []
  for (const [slug, operations] of bySlug(ledger)) {
    for (const read of operations.filter(isServed)) {
      const allowedMs = Math.max(...possibleEnds(operations, read).map(({ to }) => to)) - read.startedAt
      const seconds = maxAge(read)
      if (seconds <= 60 && (seconds === 0 || seconds * 1_000 <= allowedMs + EXPIRY_SLACK_MS)) continue
      const message = `${slug} may be kept for ${seconds} s: ${read.got?.cacheControl}`
      violations.push({ check: 'caches', message, operations: [read] })
    }
  }
  return violations
}

/** Seconds for which a shared cache may answer without asking. */
function maxAge({ got, kind }: Operation): number {
  const directives = got?.cacheControl ?? (kind === 'describe' ? 'no-cache' : 'none')
  if (/\bno-(cache|store)\b/.test(directives)) return 0
  return Number(/\b(?:s-maxage|max-age)=(\d+)/.exec(directives)?.[1] ?? Number.POSITIVE_INFINITY)
}
