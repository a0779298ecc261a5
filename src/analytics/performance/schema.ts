import { type Static, type TSchema, Type } from 'typebox'

export { PROBLEM_SCHEMA as ProblemSchema } from '../../core/index.ts'

const nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])
const point = (description: string) => nullable(Type.Number({ description }))
const number = (description: string) => Type.Number({ description })
const series = (description: string) =>
  Type.Array(nullable(Type.Number()), { description: `${description}; one value for each of \`times\`, null: no data` })
const milliseconds = () => nullable(Type.Number({ description: 'ms; null: no data' }))

/** The ranges that can be asked for: from now back. */
export const RANGES = ['5m', '1h', '6h', '24h', '7d', '30d'] as const
export const RangeSchema = Type.Enum(RANGES)
export type Range = (typeof RANGES)[number]

/** The last full minute in four figures. */
export const NowSchema = Type.Object({
  requestsPerSecond: Type.Number(),
  errorShare: number('Of all requests, those answered 5xx: 0 to 1'),
  p99Ms: milliseconds(),
  saturated: nullable(
    Type.Object(
      {
        resource: Type.String({ examples: ['cpu', 'event loop', 'database pool', 'memory'] }),
        share: number('Of its limit: 0 to 1'),
      },
      { description: 'The resource that is nearest to its limit, on the replica where it is' },
    ),
  ),
})

const requestFields = <Field>(field: (description: string) => Field) => ({
  perSecond: field('Requests per second'),
  errorsPerSecond: field('Answered 5xx'),
  refusedPerSecond: field('Answered 4xx'),
  p50Ms: field('Median duration, ms'),
  p90Ms: field('90th percentile of the duration, ms'),
  p99Ms: field('99th percentile of the duration, ms'),
  p999Ms: field('99.9th percentile of the duration, ms'),
  bytesInPerSecond: field('Bytes received per second, bodies and heads'),
  bytesOutPerSecond: field('Bytes sent per second, bodies and heads'),
})

/** All requests of all replicas. */
export const RequestsSchema = Type.Object(requestFields(series))

/** One route over the whole range, and its course. */
export const RouteSchema = Type.Object({
  route: Type.String({ examples: ['GET /raw/:slug'] }),
  count: Type.Integer(),
  errors: Type.Integer({ description: 'Answered 5xx' }),
  bytesIn: Type.Integer(),
  bytesOut: Type.Integer(),
  p50Ms: milliseconds(),
  p90Ms: milliseconds(),
  p99Ms: milliseconds(),
  p999Ms: milliseconds(),
  perSecond: series('Requests per second'),
  seriesP50Ms: series('Median duration, ms'),
  seriesP99Ms: series('99th percentile of the duration, ms'),
})

/** Where the time goes. */
export const PartSchema = Type.Object({
  part: Type.Enum(['database', 'store', 'redis', 'queue', 'encoding', 'other'], {
    description: 'queue: waits for a connection or a context; encoding: compression; other: the rest of the request',
  }),
  msPerSecond: series('Time spent in it, ms per second, summed over replicas and calls'),
  calls: Type.Integer(),
  p50Ms: milliseconds(),
  p99Ms: milliseconds(),
  share: number('Of the time of all requests: 0 to 1; calls side by side count each'),
})

const replicaFields = <Field>(field: (description: string) => Field) => ({
  perSecond: field('Requests per second'),
  errorsPerSecond: field('Answered 5xx'),
  p99Ms: field('99th percentile of the duration, ms'),
  cpuShare: field('Processor time; 1: one core'),
  rssBytes: field('Resident memory'),
  heapBytes: field('Used heap of V8'),
  loopDelayP99Ms: field('99th percentile of the delay of the event loop, ms'),
  gcMsPerSecond: field('Garbage collection, ms per second'),
  sockets: field('Open connections of clients'),
  poolWaitMsPerSecond: field('Waiting for a database connection, ms per second'),
})

/** One process. */
export const ReplicaSeriesSchema = Type.Object({ name: Type.String(), ...replicaFields(series) })

/** One level of a cache. */
export const CacheSchema = Type.Object({
  level: Type.String({ examples: ['pastes', 'frames', 'redis'] }),
  hitsPerSecond: series('Found'),
  missesPerSecond: series('Not found'),
  share: nullable(Type.Number({ description: 'Hits of all lookups over the range: 0 to 1' })),
})

/** `GET /performance`: what was recorded over a range of time. */
export const PerformanceSchema = Type.Object({
  range: RangeSchema,
  stepMs: Type.Integer({ description: 'Length of one step of `times`' }),
  times: Type.Array(Type.Integer(), { description: 'Start of each step, epoch ms; at most 72' }),
  replicas: Type.Array(
    Type.Object({
      name: Type.String(),
      version: Type.String(),
      startedAt: Type.Integer({ description: 'Epoch ms' }),
      lastSeenAt: Type.Integer({ description: 'Epoch ms' }),
    }),
  ),
  now: NowSchema,
  requests: RequestsSchema,
  routes: Type.Array(RouteSchema, { description: 'By count, most first' }),
  parts: Type.Array(PartSchema),
  perReplica: Type.Array(ReplicaSeriesSchema),
  caches: Type.Array(CacheSchema),
  sweeper: Type.Object({
    sweptPerSecond: series('Steps that the sweeper took'),
    backlog: series('Rows that were due and not yet swept'),
    backlogAgeMs: series('How long the oldest of them was due, ms'),
  }),
})
/** What {@link PerformanceSchema} describes. */
export type Performance = Static<typeof PerformanceSchema>
/** Values aligned with `times`; null: no data. */
export type Series = (number | null)[]

/**
 * One `event: now` of the live stream, one value for each list of {@link PerformanceSchema}: of the replica that answers
 * since the event before, of the others their last full minute.
 */
export const LiveSchema = Type.Object({
  at: Type.Integer({ description: 'Epoch ms' }),
  now: NowSchema,
  requests: Type.Object(requestFields(point)),
  perReplica: Type.Array(Type.Object({ name: Type.String(), ...replicaFields(point) })),
})
export type Live = Static<typeof LiveSchema>
