import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exitCode, summary } from '../../src/commands/fsck-report.ts'
import { emptyReport, keysOf, mayRemove, neededKey, ownKeys } from '../../src/paste/maintenance/audit-keys.ts'
import { createScratchKeys } from '../../src/platform/index.ts'

const row = { slug: 'name', state: 'live', object_key: null, pending_key: null, garbage: null } as const

describe('what a row says about objects', () => {
  test('every key that it names is known', () => {
    expect(keysOf({ ...row, object_key: 'a', pending_key: 'b', garbage: 'c,d' })).toEqual(['a', 'b', 'c', 'd'])
    expect(keysOf(row)).toEqual([])
  })

  test('only a live paste needs its object', () => {
    expect(neededKey({ state: 'live', object_key: 'a' })).toBe('a')
    expect(neededKey({ state: 'uploading', object_key: 'a' })).toBeNull()
    expect(neededKey({ state: 'ended', object_key: null })).toBeNull()
  })
})

describe('what may be removed', () => {
  test('only names of our own form are ours', () => {
    const key = 'a'.repeat(27)
    const entries = ['', 'backup.tar', key.slice(1), `${key}a`, `${key.slice(2)}.x`, key].map((name) => ({ key: name }))
    expect(ownKeys(entries)).toEqual({ own: [{ key }], foreign: 5 })
  })

  test('never more objects than are known', () => {
    expect(mayRemove({ marked: 2, unmarked: 2 })).toBe(true)
    expect(mayRemove({ marked: 2, unmarked: 3 })).toBe(false)
    expect(mayRemove({ marked: 0, unmarked: 1 })).toBe(false)
  })
})

describe('what the operator is told', () => {
  const found = (missing: number, unknown: number, unfinished: number, removed: number) => ({
    ...emptyReport(),
    found: { missing, damaged: 0, unknown, unfinished },
    removed,
  })

  test.each([
    ['nothing found', found(0, 0, 0, 0), 0],
    ['everything removed', found(0, 2, 1, 3), 0],
    ['something left', found(0, 2, 1, 2), 1],
    ['an object missing', found(1, 0, 0, 0), 1],
    ['an object missing, the rest removed', found(1, 1, 0, 1), 1],
  ])('%s', (_name, report, code) => {
    expect(exitCode(report)).toBe(code)
  })

  test('objects that are too young to tell are not called clean', () => {
    expect(summary({ ...found(0, 0, 0, 0), young: 400 }, false)).toMatch(
      /400 objects without a row.*too young to tell$/s,
    )
  })

  test('what to do is said where something can be done', () => {
    expect(summary(found(0, 0, 0, 0), false)).toBe('compared 0 rows with 0 objects\nclean')
    expect(summary(found(0, 1, 0, 0), false)).toMatch(/--repair removes/)
    expect(summary(found(0, 1, 0, 1), true)).not.toMatch(/--repair/)
    expect(summary(found(1, 0, 0, 0), true)).toMatch(/--verify` puts them back/)
  })
})

describe('the keys of a comparison', () => {
  const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 4, unit: 'grapheme-ascii' }), { maxLength: 30 })

  test('behave as two sets do', () => {
    fc.assert(
      fc.property(names, fc.array(names, { maxLength: 3 }), fc.integer({ min: 1, max: 7 }), (stored, marks, limit) => {
        const keys = createScratchKeys()
        const entry = (key: string) => ({ key, sizeBytes: key.length, modifiedAt: key.length })
        keys.add(stored.map(entry))
        for (const marked of marks) expect(keys.mark(marked)).toEqual(marked.filter((key) => !stored.includes(key)))
        const before = 3
        const expected = stored.filter((key) => !marks.flat().includes(key) && key.length < before).sort()
        const given: string[] = []
        for (let page = keys.unmarked(before, '', limit); page.length > 0; )
          page = keys.unmarked(before, given[given.push(...page.map(({ key }) => key)) - 1] ?? '', limit)
        expect(given).toEqual(expected)
        expect(keys.count(before)).toEqual({
          entries: stored.length,
          marked: stored.filter((key) => marks.flat().includes(key)).length,
          unmarked: expected.length,
        })
        keys.close()
      }),
    )
  })
})
