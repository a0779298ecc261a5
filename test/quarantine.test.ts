import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { isQuarantined, type Quarantined, quarantineFaults, readQuarantine } from './quarantine.ts'

const NOW = Date.parse('2026-12-15')
const entry = (more: Partial<Quarantined> = {}): Quarantined => ({
  name: 'test/a.test.ts',
  since: '2026-12-01',
  reason: 'a race of ours; the issue says which',
  ...more,
})
const faults = (list: Quarantined[]) => quarantineFaults(list, NOW, (path) => path === 'test/a.test.ts')

describe('the quarantine', () => {
  test('of this repository keeps its own rules', () => {
    const inRepository = (path: string) => existsSync(new URL(`../${path}`, import.meta.url))
    expect(quarantineFaults(readQuarantine(), Date.now(), inRepository)).toEqual([])
  })

  test('has at most five tests, none for longer than 14 days, each of a file that there is, with a reason', () => {
    expect(faults(Array.from({ length: 5 }, () => entry()))).toEqual([])
    expect(faults(Array.from({ length: 6 }, () => entry()))).toEqual(['6 tests are listed; 5 may be'])
    expect(faults([entry({ since: '2026-11-30' })])).toEqual([
      'test/a.test.ts: since 2026-11-30, which is not within 14 days',
    ])
    expect(faults([entry({ since: 'long ago' })])).toHaveLength(1)
    expect(faults([entry({ name: 'test/b.test.ts > x' })])).toEqual(['test/b.test.ts > x: there is no such file'])
    expect(faults([entry({ reason: ' ' })])).toEqual(['test/a.test.ts: no reason'])
  })

  test('forgives a whole file, or single tests of it', () => {
    const file = [entry()]
    expect(isQuarantined(file, 'test/a.test.ts', ['x'])).toBe(true)
    expect(isQuarantined(file, 'test/b.test.ts', ['x'])).toBe(false)
    const one = [entry({ name: 'test/a.test.ts > x' })]
    expect(isQuarantined(one, 'test/a.test.ts', ['x'])).toBe(true)
    expect(isQuarantined(one, 'test/a.test.ts', ['x', 'y'])).toBe(false)
    expect(isQuarantined(one, 'test/a.test.ts', [])).toBe(false)
  })
})
