import { type Compilable, type CompiledQuery, type Expression, type Kysely, sql } from 'kysely'

/** Stands for the values that each run of a statement binds. */
export type Placeholders<Values> = { readonly [Name in keyof Values]: Expression<Values[Name]> }

/** A query compiled once, run with new values each time, on either engine. */
export type Statement<Values, Row> = {
  /** Every row. */
  all(values: Values): Promise<Row[]>
  /** The first row, or undefined. */
  first(values: Values): Promise<Row | undefined>
  /** Runs an INSERT, UPDATE or DELETE and gives the number of rows that matched. */
  run(values: Values): Promise<number>
}

/**
 * Compiles what `build` returns and keeps the SQL: building a query costs tens of microseconds, too dear for every
 * request. Every value the builder takes from its argument is bound by name at each run; values written in the builder
 * itself are constants.
 *
 *     const find = statement(db, (p: Placeholders<{ slug: string }>) =>
 *       db.selectFrom('pastes').selectAll().where('slug', '=', p.slug))
 *     const row = await find.first({ slug })
 *
 * A missing value throws a TypeError; null is a value (and equals nothing, so compare with `is`).
 */
export function statement<Values extends object, Row>(
  db: Pick<Kysely<never>, 'getExecutor'>,
  build: (placeholders: Placeholders<Values>) => Compilable<Row>,
): Statement<Values, Row> {
  const compiled = build(placeholders<Values>()).compile()
  const executor = db.getExecutor()
  const execute = (values: Values) => executor.executeQuery<Row>(bind(compiled, values))
  return {
    all: async (values) => (await execute(values)).rows,
    first: async (values) => (await execute(values)).rows[0],
    run: async (values) => Number((await execute(values)).numAffectedRows ?? 0n),
  }
}

/** Stands in the compiled query's parameter list where a value goes. */
class Slot {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

function placeholders<Values extends object>(): Placeholders<Values> {
  return new Proxy({} as Placeholders<Values>, {
    get: (_target, name) => sql.val(new Slot(String(name))),
  })
}

function bind<Row, Values extends object>(compiled: CompiledQuery<Row>, values: Values): CompiledQuery<Row> {
  const slots = compiled.parameters
  const parameters = new Array<unknown>(slots.length)
  for (let index = 0; index < slots.length; index++) {
    const slot = slots[index]
    const value = slot instanceof Slot ? (values as Record<string, unknown>)[slot.name] : slot
    if (value === undefined) throw new TypeError(`the statement's parameter ${index + 1} has no value`)
    parameters[index] = value
  }
  return { sql: compiled.sql, query: compiled.query, queryId: compiled.queryId, parameters }
}
