import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mergedParts, SMALL_PART_BYTES } from '../../../src/paste/tus/merged-parts.ts'

const TAIL_BYTES = 16_384

test('parts stay few, and each byte is stored again a few times at most, whatever the pieces', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 50_000 }), { maxLength: 300 }), (pieces) => {
      let parts: { sizeBytes: number; objectKey: string | null }[] = []
      let [sent, stored] = [0, 0]
      for (const piece of pieces) {
        const merged = mergedParts(parts, piece)
        const sizeBytes = merged.reduce((sum, part) => sum + part.sizeBytes, piece)
        const objectKey = sizeBytes > TAIL_BYTES ? 'key' : null
        parts = [...parts.slice(0, parts.length - merged.length), { sizeBytes, objectKey }]
        sent += piece
        if (objectKey !== null) stored += sizeBytes
      }
      expect(parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)).toBe(sent)
      expect(stored).toBeLessThanOrEqual(8 * sent)
      expect(parts.length).toBeLessThanOrEqual(sent / SMALL_PART_BYTES + 9)
    }),
  )
})
