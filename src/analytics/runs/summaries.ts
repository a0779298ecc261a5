import { Type } from 'typebox'

export { PROBLEM_SCHEMA as ProblemSchema } from '../../core/index.ts'

export { RunSchema } from './schema.ts'

const nullable = <Schema extends Type.TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])

/** `GET /performance/runs`. */
export const RunListSchema = Type.Object({
  runs: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String({ description: 'Runs of one name are repetitions of one experiment' }),
      startedAt: Type.Integer({ description: 'Epoch ms' }),
      endedAt: Type.Integer({ description: 'Epoch ms' }),
      profile: Type.String(),
      target: Type.String(),
      void: nullable(Type.String({ description: 'Why it does not count; null: it does' })),
      version: nullable(Type.String({ description: 'Of the service' })),
      replicas: nullable(Type.Integer()),
      bestPerSecond: Type.Number({ description: 'The most that was answered as it must be' }),
      knee: nullable(Type.Object({ perSecond: Type.Number(), saturated: Type.String() })),
    }),
    { maxItems: 200 },
  ),
})

/** The answer to a run that was stored. */
export const StoredRunSchema = Type.Object({ id: Type.String() })
