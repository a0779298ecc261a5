import {
  type Change,
  countryOf,
  countView,
  type DayCounters,
  dayOf,
  referrerHost,
  SYSTEM_SLUG,
  type ViewKeeper,
  type ViewKind,
  type Visitors,
} from '../views/index.ts'
import type { Happening } from './collect.ts'
import type { EventFacts } from './make.ts'
import type { AnalyticsEvent } from './schema.ts'

/** What folding needs; `push` is absent where events go nowhere. */
export type FoldDeps = {
  keeper: ViewKeeper
  visitors: Visitors
  /** The service's own host, whose links are no referrers. */
  ownHost(): string
  make(happening: Happening, facts: EventFacts): AnalyticsEvent
  push: ((event: AnalyticsEvent) => void) | undefined
}

const COUNTED: Partial<Record<Happening['action'], Change>> = {
  create: 'creates',
  claim: 'claims',
  edit: 'edits',
  delete: 'deletes',
  end: 'ends',
}

/** Counts what happened, for the paste and for the service, and makes events of it where somebody wants them. */
export function createFold({ keeper, visitors, ownHost, make, push }: FoldDeps): (happening: Happening) => void {
  let host = ''
  // Most come from the same few pages.
  let referrers = new Map<string, string | null>()

  function hostOf(referrer: string | undefined): string | null {
    if (referrer === undefined) return null
    if (host !== ownHost() || referrers.size > 1_000) referrers = new Map()
    host = ownHost()
    let found = referrers.get(referrer)
    if (found === undefined) {
      found = referrerHost(referrer, host)
      referrers.set(referrer, found)
    }
    return found
  }

  return (happening) => {
    const { action, via, paste, at, address, userAgent } = happening
    const visitor = address === '' ? undefined : visitors.of(address, userAgent, dayOf(at))
    const referrer = hostOf(happening.referrer)
    const country = happening.country === undefined ? null : countryOf(happening.country)
    const system = keeper.touch(SYSTEM_SLUG, at)
    if (action === 'view' || action === 'claim') {
      const kind: ViewKind = visitor?.isBot ? 'bot' : via === 'page' ? 'page' : 'raw'
      const view = { at, kind, visitor: visitor?.bits ?? 0, referrer, country }
      if (system) countView(system, view)
      const counters = keeper.touch(paste.slug, at)
      if (counters) countView(counters, view)
    }
    if (action !== 'view' && system) countChange(system, happening)
    push?.(make(happening, { visitor, referrer, country }))
  }
}

function countChange(system: DayCounters, { action, paste }: Happening): void {
  const name = COUNTED[action]
  if (name !== undefined) system.changes[name]++
  if (action === 'create') system.changes.createdBytes += paste.content.sizeBytes
}
