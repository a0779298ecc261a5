/**
 * All rows by slug, one page in memory at a time. Throws what `read` throws.
 *
 * @param read returns up to `pageSize` rows with slugs after `after`, in the order of their slugs
 */
export async function* rowPages<Row extends { slug: string }>(
  pageSize: number,
  read: (after: string) => Promise<Row[]>,
): AsyncGenerator<Row[]> {
  for (let after = ''; ; ) {
    const rows = await read(after)
    yield rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < pageSize) return
    after = last.slug
  }
}
