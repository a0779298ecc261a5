/** A statement that vtgate has met, with values left open, and how often it ran. */
export type GatePlan = {
  statement: string
  /** How it finds its rows: `EqualUnique` asks one shard, `Scatter` all of them. */
  route: string
  runs: number
  /** Statements that went to shards for it, all runs together. */
  shardStatements: number
}

type Operator = { OperatorType: string; Variant?: string; Inputs?: Operator[] }
type Plan = { Original: string; Instructions?: Operator; ExecCount?: number; ShardQueries?: number }

/** What vtgate has planned so far, from its page for people. */
export async function plansOf({ gateUrl }: { gateUrl: string }): Promise<GatePlan[]> {
  const answer = await fetch(`${gateUrl}/debug/query_plans`)
  const plans = Object.values((await answer.json()) as Record<string, Plan>)
  return plans.map(({ Original, Instructions, ExecCount = 0, ShardQueries = 0 }) => ({
    statement: Original,
    route: routeOf(Instructions),
    runs: ExecCount,
    shardStatements: ShardQueries,
  }))
}

/** The variant of the lowest part, which is the one that asks shards. */
function routeOf(operator: Operator | undefined): string {
  const [input] = operator?.Inputs ?? []
  return input ? routeOf(input) : (operator?.Variant ?? '')
}
