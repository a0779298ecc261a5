/**
 * Rows by slug, page by page, so that never more than one page is in memory: each row is seen once, as it is when its
 * page is read. Throws what `read` throws.
 *
 * @param read gives up to `pageSize` rows whose slugs come after `after`, in the order of their slugs
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
