import { describe, expect, test } from 'vitest'
import { liveOrThrow } from '../../../src/paste/rows/life.ts'
import type { PasteRow } from '../../../src/paste/rows/tables.ts'

const NOW = 1_800_000_000_000
const CLOCK = { now: () => NOW }
const row = (columns: Partial<PasteRow>) =>
  ({ state: 'live', end_reason: null, removal: null, expires_at: null, ...columns }) as PasteRow

const BEING_READ = {
  state: 'ended',
  end_reason: 'burned',
  claim_id: 'x',
  claimed_at: NOW - 9_999,
  garbage: 'key',
} as const

describe('the row of a paste', () => {
  test.each([
    ['without an end', {}],
    ['before its end', { expires_at: NOW + 1 }],
  ] as const)('%s is returned', (_name, columns) => {
    const live = row(columns)
    expect(liveOrThrow(live, CLOCK)).toBe(live)
  })

  test.each([
    ['that expired and was not swept yet', { expires_at: NOW }, 'expired'],
    ['that expired', { state: 'ended', end_reason: 'expired' }, 'expired'],
    ['that was deleted', { state: 'ended', end_reason: 'deleted' }, 'deleted'],
    ['that an operator removed', { state: 'ended', end_reason: 'deleted', removal: 'spam' }, 'removed'],
    ['whose last reading was claimed', { state: 'ended', end_reason: 'burned' }, 'burned'],
    ['whose last reading waits for its object', BEING_READ, 'claim_in_progress'],
    ['whose last reading is settled', { ...BEING_READ, claim_id: null }, 'burned'],
    ['whose last reader is silent', { ...BEING_READ, claimed_at: NOW - 10_000 }, 'burned'],
    ['whose last reading was in the row', { ...BEING_READ, garbage: null }, 'burned'],
    ['whose upload was abandoned', { state: 'ended', end_reason: 'abandoned' }, 'not_found'],
    ['that is still uploading', { state: 'uploading', expires_at: NOW - 1 }, 'not_found'],
  ] as const)('%s throws', (_name, columns, code) => {
    expect(() => liveOrThrow(row(columns), CLOCK)).toThrow(expect.objectContaining({ code }))
  })

  test('that does not exist throws not_found', () => {
    expect(() => liveOrThrow(undefined, CLOCK)).toThrow(expect.objectContaining({ code: 'not_found' }))
  })
})

describe('while the time is somewhere within an hour', () => {
  const HOUR = 3_600_000
  const clock = { now: () => NOW + HOUR, doubt: () => ({ earliest: NOW, latest: NOW + HOUR }) }
  test.each([
    ['never ends', null, 'alive'],
    ['is alive by both clocks', NOW + HOUR + 1, 'alive'],
    ['has ended by both', NOW, 'expired'],
    ['has ended by one of them', NOW + 1, 'clock_uncertain'],
    ['ends just when the later one is', NOW + HOUR, 'clock_uncertain'],
  ] as const)('a paste that %s is %s', (_name, expires_at, outcome) => {
    const live = row({ expires_at })
    if (outcome === 'alive') expect(liveOrThrow(live, clock)).toBe(live)
    else expect(() => liveOrThrow(live, clock)).toThrow(expect.objectContaining({ code: outcome }))
  })
})
