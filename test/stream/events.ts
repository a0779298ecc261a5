import type { AnalyticsEvent } from '../../src/analytics/events/schema.ts'

/** The day of {@link manyEvents}. */
export const DAY = '2026-11-23'

const NOON_AT = Date.parse(`${DAY}T12:00:00Z`)
const PASTES = 1_000

/** Events number `from` to `to` - 1: views of 1,000 pastes in turn, no two the same. */
export function manyEvents(from: number, to: number): AnalyticsEvent[] {
  return Array.from({ length: to - from }, (_, index) => event(from + index))
}

/** One event; its id is its number. */
export function event(number: number, changes: Partial<AnalyticsEvent> = {}): AnalyticsEvent {
  return {
    version: 1,
    id: String(number).padStart(16, '0'),
    timestamp: NOON_AT + Math.floor(number / 1_000),
    action: 'view',
    paste: `paste${number % PASTES}`,
    user: String(number % 977).padStart(22, 'u'),
    replica: 'replica-1',
    via: number % 3 === 0 ? 'raw' : 'page',
    agent: 'human',
    referrer: null,
    country: null,
    sizeBytes: 1_234,
    ...changes,
  }
}
