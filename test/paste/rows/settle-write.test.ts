import { describe, expect, test } from 'vitest'
import { AppError, OutcomeUnknown } from '../../../src/core/index.ts'
import { isOutcomeUnknown, settleWrite } from '../../../src/paste/rows/settle-write.ts'
import type { PasteRow } from '../../../src/paste/rows/tables.ts'

const MARK = 'the-mark-of-this'
const row = { version: 2, write_id: MARK, claim_id: null } as PasteRow
const lost = () => Promise.reject(new OutcomeUnknown())
const settled = (reread: () => Promise<PasteRow | undefined>) => settleWrite(lost(), reread, MARK)

describe('a write', () => {
  test('with an answer is not reread', async () => {
    const reread = () => Promise.reject(new Error('reread'))
    expect(await settleWrite(Promise.resolve(0), reread, MARK)).toBe(0)
  })

  test('whose answer was lost counts where its mark stands', async () => {
    expect(await settled(async () => row)).toBe(1)
    expect(await settled(async () => ({ ...row, write_id: 'a later edit', claim_id: MARK }))).toBe(1)
  })

  test.each([
    ['bears the mark of another write', async () => ({ ...row, write_id: 'another' })],
    ['is gone', async () => undefined],
    ['can not be read', () => Promise.reject(new AppError('database_unavailable'))],
    ['is not read in time', () => new Promise<undefined>(() => {})],
  ])('whose answer was lost is of unknown outcome where the row %s', async (_name, reread) => {
    const error = await settled(reread).catch((thrown: unknown) => thrown)
    expect(error).toHaveProperty('code', 'commit_unknown')
    expect(isOutcomeUnknown(error)).toBe(true)
  })

  test('that failed throws its failure', async () => {
    const failure = new AppError('overloaded')
    await expect(settleWrite(Promise.reject(failure), async () => row, MARK)).rejects.toBe(failure)
    expect(isOutcomeUnknown(failure)).toBe(false)
  })
})
