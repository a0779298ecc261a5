import { describe, expect, test } from 'vitest'
import { migrations } from '../../../migrations/index.ts'
import { describeSchema, isUsable, schemaState } from '../../../src/platform/database/schema/state.ts'

const known = ['0001-a', '0002-b', '0002-c']

describe('a schema', () => {
  test.each([
    ['without any migration is missing', [], 'missing'],
    ['with the migrations of this release is current', known, 'current'],
    ['that lacks one is older', ['0001-a', '0002-c'], 'older'],
    ['that lacks one and has one of a later release is older', ['0001-a', '0002-b', '0003-d'], 'older'],
    ['with migrations of a later release is newer', [...known, '0003-d', '0004-e'], 'newer'],
    ['without something that this release has given up is newer', [...known, '0003-drop-a--after-0002'], 'newer'],
    ['without something that this release needs is contracted', [...known, '0004-drop-a--after-0003'], 'contracted'],
  ] as const)('%s', (_what, applied, kind) => {
    const state = schemaState(applied, known)
    expect(state.kind).toBe(kind)
    expect(isUsable(state)).toBe(kind === 'current' || kind === 'newer')
  })

  test('is described by what it lacks, what it has, and what to do', () => {
    const tell = (applied: string[]) => describeSchema(schemaState(applied, known), 'run it')
    expect(tell([])).toBe('the database has no tables yet: run it')
    expect(tell(['0001-a'])).toMatch(/it lacks 0002-b, 0002-c: run it$/)
    expect(tell([...known, '0003-d'])).toMatch(/may run on \(it also has 0003-d\)$/)
    expect(tell([...known, '0004-x--after-0003'])).toMatch(/\(0004-x--after-0003\): start that version instead$/)
  })

  test('of this release is what its own migrations make', () => {
    const names = Object.keys(migrations)
    expect(schemaState(names, names)).toEqual({ kind: 'current' })
    for (const name of names) expect(name).toMatch(/^\d{4}-[a-z-]+$|^\d{4}-[a-z-]+--after-\d{4}$/)
  })
})
