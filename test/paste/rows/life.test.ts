import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { joinKeys, type Life, livePurgeAt, nextStep, type Step, TOMBSTONE_MS } from '../../../src/paste/rows/life.ts'

const NOW = 1_800_000_000_000
const key = fc.stringMatching(/^[0-9A-Za-z]{27}$/)
const time = fc.integer({ min: NOW - TOMBSTONE_MS * 2, max: NOW + TOMBSTONE_MS })
const garbage = fc.option(fc.array(key, { minLength: 1, maxLength: 5 }).map((keys) => keys.join()))

const BLANK: Life = {
  slug: 'one',
  state: 'live',
  version: 1,
  end_reason: null,
  expires_at: null,
  ended_at: null,
  purge_at: NOW,
  object_key: null,
  pending_key: null,
  garbage: null,
}

/** Every row that the statements can leave behind. */
const life: fc.Arbitrary<Life> = fc
  .oneof(
    fc.record({ state: fc.constant('uploading'), expires_at: fc.option(time), object_key: key }),
    fc.record({ expires_at: fc.option(time), object_key: fc.option(key), pending_key: fc.option(key), garbage }),
    fc.record({
      state: fc.constant('ended'),
      end_reason: fc.constantFrom('expired', 'deleted', 'burned', 'abandoned'),
      ended_at: time,
      garbage,
    }),
  )
  .map((columns) => ({ ...BLANK, ...(columns as Partial<Life>) }))

/** What the sweeper makes of the row, as `sweep.ts` does it; undefined when the row is forgotten. */
function take(row: Life, step: Step): Life | undefined {
  switch (step.type) {
    case 'end':
      return {
        ...row,
        state: 'ended',
        end_reason: step.reason,
        ended_at: step.endedAt,
        purge_at: step.purgeAt,
        garbage: step.garbage,
        object_key: null,
        pending_key: null,
      }
    case 'dropPending':
      return { ...row, pending_key: null, garbage: step.garbage, purge_at: step.purgeAt }
    case 'removeObjects':
      return step.then === 'forget' ? undefined : { ...row, garbage: null, purge_at: step.purgeAt }
    case 'forget':
      return undefined
    case 'reschedule':
      return { ...row, purge_at: step.purgeAt }
  }
}

describe('the steps of the sweeper', () => {
  test('from any row there are few steps to the end, and every key but that of a live row is removed', () => {
    fc.assert(
      fc.property(life, (start) => {
        const keys = [start.object_key, start.pending_key, ...(start.garbage?.split(',') ?? [])]
        const removed: string[] = []
        let row: Life | undefined = start
        for (let steps = 0, now = NOW; row !== undefined && row.purge_at !== null; steps++) {
          expect(steps).toBeLessThan(8)
          now = Math.max(now, row.purge_at)
          const step: Step = nextStep(row, now)
          if (step.type === 'removeObjects') {
            removed.push(...step.keys)
            if (row.state === 'live') expect(step.keys).not.toContain(row.object_key)
          }
          row = take(row, step)
        }
        const kept = row?.object_key ?? null
        expect(removed.sort()).toEqual(keys.filter((name) => name !== null && name !== kept).sort())
      }),
    )
  })

  test('an upload that is over leaves nothing', () => {
    const row: Life = { ...BLANK, state: 'uploading', object_key: 'k' }
    const ended = take(row, nextStep(row, NOW)) as Life
    expect(ended).toMatchObject({ state: 'ended', end_reason: 'abandoned', garbage: 'k' })
    expect(nextStep(ended, NOW)).toMatchObject({ type: 'removeObjects', keys: ['k'] })
    expect(take(ended, nextStep(ended, NOW))).toBeUndefined()
  })

  test('an ended paste keeps its tombstone for 30 days', () => {
    const row: Life = { ...BLANK, state: 'ended', end_reason: 'deleted', ended_at: NOW }
    expect(nextStep(row, NOW + TOMBSTONE_MS - 1)).toEqual({ type: 'reschedule', purgeAt: NOW + TOMBSTONE_MS })
    expect(nextStep(row, NOW + TOMBSTONE_MS)).toEqual({ type: 'forget' })
  })

  test('a live row is due at the sooner of two times', () => {
    expect([livePurgeAt(null, null), livePurgeAt(5, null), livePurgeAt(null, 5), livePurgeAt(5, 3)]).toEqual([
      null,
      5,
      5,
      3,
    ])
    expect([joinKeys(null, ''), joinKeys('a', null, 'b,c')]).toEqual([null, 'a,b,c'])
  })
})
