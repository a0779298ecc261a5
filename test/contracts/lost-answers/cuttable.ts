import type { CompiledQuery, Kysely, KyselyPlugin } from 'kysely'
import { OutcomeUnknown } from '../../../src/core/index.ts'
import type { PasteTables } from '../../../src/paste/index.ts'

/** What happens to a write. Its answer is lost, except for one that only waits until the others have written. */
export const FATES = ['is not carried out', 'is carried out', 'is carried out later', 'waits'] as const
export type Fate = (typeof FATES)[number]

/** A cut: the write that it hits (1 is the first), and what others do before its sender learns of it. */
export type Cut = { number: number; fate: Fate; meanwhile(): Promise<void> }

const PLAIN: KyselyPlugin = { transformQuery: ({ node }) => node, transformResult: async ({ result }) => result }

/** A handle of the database that loses the answer of one write. */
export function cuttable(db: Kysely<PasteTables>) {
  const handle = db.withPlugin(PLAIN)
  const executor = handle.getExecutor()
  const execute = executor.executeQuery.bind(executor)
  const late: (() => Promise<unknown>)[] = []
  let cut: Cut | undefined
  let writes = 0

  executor.executeQuery = async <Row>(query: CompiledQuery<Row>) => {
    const isCut = !query.sql.startsWith('select') && ++writes === cut?.number
    if (!isCut || cut === undefined) return execute<Row>(query)
    const { fate, meanwhile } = cut
    const run = () => execute<Row>(query).catch(() => {})
    if (fate === 'is carried out') await run()
    if (fate === 'is carried out later') late.push(run)
    await meanwhile()
    if (fate === 'waits') return execute<Row>(query)
    throw new OutcomeUnknown()
  }

  return {
    handle,
    /** Cuts a write from now on. */
    arm(next: Cut) {
      cut = next
      writes = 0
    },
    /** Ends the cut and carries out what was held back; false: there were fewer writes. */
    async disarm(): Promise<boolean> {
      const happened = cut !== undefined && writes >= cut.number
      cut = undefined
      for (const run of late.splice(0)) await run()
      return happened
    },
  }
}
