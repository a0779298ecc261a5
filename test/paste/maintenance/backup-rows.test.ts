import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeHeader, decodeRow, encodeRow, keptRow } from '../../../src/paste/maintenance/backup-rows.ts'
import { BLANK_ROW } from '../../../src/paste/rows/repository.ts'
import { NO_CONTENT } from '../../../src/paste/rows/row.ts'
import type { PasteRow } from '../../../src/paste/rows/tables.ts'
import { anyText } from '../../any-text.ts'

const ROW: PasteRow = {
  ...BLANK_ROW,
  ...NO_CONTENT,
  slug: 'a-paste',
  state: 'live',
  created_at: 1,
  updated_at: 1,
  expires_at: null,
  purge_at: null,
  visibility: 'unlisted',
  title: null,
  language: null,
  edit_token_hash: '',
}

describe('a row in a backup', () => {
  test('comes back as it was, whatever its text and its bytes', () => {
    fc.assert(
      fc.property(anyText(), fc.uint8Array(), fc.maxSafeNat(), (title, bytes, size) => {
        const row = { ...ROW, title, size_bytes: size, body: Buffer.from(bytes), frames: Buffer.from(bytes) }
        expect(encodeRow(row)).not.toContain('\n')
        expect(decodeRow(encodeRow(row))).toEqual(row)
      }),
    )
  })

  test('has no place for uploads, nor for what only the sweeper needs', () => {
    expect(keptRow({ ...ROW, state: 'uploading' })).toBeUndefined()
    expect(keptRow({ ...ROW, state: 'ended', end_reason: 'abandoned' })).toBeUndefined()
  })

  test('forgets an edit under way and objects to be removed, and is next looked at when it ends', () => {
    const row = { ...ROW, expires_at: 5_000, purge_at: 1_000, pending_key: 'p', garbage: 'g' }
    expect(keptRow(row)).toEqual({ ...row, purge_at: 5_000, pending_key: null, garbage: null })
  })
})

describe('the head of a backup', () => {
  test.each([
    ['no JSON', 'rows'],
    ['another format', '{"format":"tar"}'],
    ['a later version', '{"format":"extended-pastebin-backup","version":2}'],
    ['nothing', ''],
  ])('%s is refused', (_name, line) => {
    expect(() => decodeHeader(line)).toThrow(expect.objectContaining({ name: 'BackupUnreadable' }))
  })
})
