import { array, assert, constantFrom, nat, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createFinder } from '../../../src/content/grep/finder.ts'
import { patiently } from '../../patience.ts'

const periodic = (maxLength: number) =>
  array(constantFrom('a', 'b', 'aaaaaaaa', 'abababab', 'abcabcabc'), { minLength: 1, maxLength }).map((parts) =>
    Buffer.from(parts.join('')),
  )

describe('a search in bytes', () => {
  test('finds what the built-in one finds, whatever repeats', () => {
    assert(
      property(periodic(200), periodic(8), nat(100), (bytes, wanted, from) => {
        expect(createFinder(wanted)(bytes, from)).toBe(bytes.indexOf(wanted, from))
        const planted = Buffer.concat([bytes, wanted, bytes])
        expect(createFinder(wanted)(planted, from)).toBe(planted.indexOf(wanted, from))
      }),
    )
  })
  // The built-in search takes seconds for this.
  test(
    'takes linear time where nearly every place looks like an occurrence',
    () => {
      const wanted = Buffer.from(`${'a'.repeat(499)}b${'a'.repeat(499)}`)
      const find = createFinder(wanted)
      const slice = Buffer.alloc(32 * 1024, 'a')
      for (let count = 0; count < 400; count++) expect(find(slice)).toBe(-1)
    },
    patiently(3_000),
  )
})
