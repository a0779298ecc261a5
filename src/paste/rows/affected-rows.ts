/** Runs an UPDATE or DELETE and returns the number of rows it matched. */
export async function affected(query: { executeTakeFirst(): Promise<unknown> }): Promise<number> {
  const result = (await query.executeTakeFirst()) as { numUpdatedRows?: bigint; numDeletedRows?: bigint } | undefined
  return Number(result?.numUpdatedRows ?? result?.numDeletedRows ?? 0n)
}
