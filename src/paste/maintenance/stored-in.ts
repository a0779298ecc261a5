import type { StoredContent } from '../../content/index.ts'
import { type PasteRow, toPaste } from '../rows/index.ts'

/** A row's content as stored in its object. */
export function storedIn(row: PasteRow, objectKey: string): StoredContent & { objectKey: string } {
  return { ...toPaste(row).content, objectKey }
}
