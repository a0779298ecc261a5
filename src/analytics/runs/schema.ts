import { type Static, Type } from 'typebox'

/** The most that a run may take as JSON. */
export const MOST_RUN_BYTES = 1024 * 1024
/** What the id of a run looks like: its day and time (UTC), its profile, and something random. */
export const RUN_ID_PATTERN = '^[a-z0-9][a-z0-9-]{5,95}$'

const strict = { additionalProperties: false }
const nullable = <Schema extends Type.TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])
const amount = (description: string) => Type.Number({ minimum: 0, description })
const word = (description: string) => Type.String({ maxLength: 200, description })
const time = (description: string) => Type.Integer({ minimum: 0, description: `${description}, epoch milliseconds` })

/** One kind of request in one step; milliseconds count from when the plan wanted the request to begin. */
export const RunOperationSchema = Type.Object(
  {
    operation: word('read, create, delete, claim, …'),
    count: amount('Requests that began'),
    errors: amount('Of these, those that did not get the answer they must get, or got wrong bytes'),
    p50Ms: amount('Half of the answers were whole by then; 0 without any'),
    p90Ms: amount('Nine of ten'),
    p99Ms: amount('99 of 100'),
    p999Ms: amount('999 of 1,000'),
    maxMs: amount('The slowest'),
    bytes: amount('Content bytes sent and received'),
    sketch: Type.String({
      maxLength: 64 * 1024,
      description: 'All its times: a DDSketch of 1 % as protobuf, raw deflate, base64. Sketches can be merged',
    }),
  },
  strict,
)

/** How much of a part was in use, 1 being all that it can give: one core for a process of one thread. */
export const RunResourceSchema = Type.Object(
  {
    resource: word('replica 1 cpu, mariadb cpu, nginx cpu, generator cpu, machine cpu, event loop, pool, …'),
    share: amount('0 to 1'),
  },
  strict,
)

/** Some seconds at one rate. */
export const RunStepSchema = Type.Object(
  {
    startedAt: time('Its beginning'),
    seconds: amount('For how long requests began'),
    offeredPerSecond: amount('Requests that the plan wanted'),
    achievedPerSecond: amount('Requests answered as they must be'),
    errors: amount('Of all operations'),
    errorsByCode: Type.Record(Type.String(), Type.Integer({ minimum: 0 }), {
      description: 'By problem code, status, or name of what broke',
    }),
    checkedBodies: amount('Contents whose SHA-256 was compared'),
    wrongBodies: amount('Of these, those that differed'),
    byOperation: Type.Array(RunOperationSchema, { maxItems: 32 }),
    resources: Type.Array(RunResourceSchema, { maxItems: 64, description: 'The busiest first' }),
    lagP99Ms: amount('How late the generator itself began requests'),
  },
  strict,
)

/** A run of the load lab: what was asked of which system, and what came of it. */
export const RunSchema = Type.Object(
  {
    version: Type.Literal(1),
    id: Type.String({ pattern: RUN_ID_PATTERN }),
    name: word('Runs of one name are repetitions of one experiment'),
    startedAt: time('Beginning'),
    endedAt: time('End'),
    profile: Type.Object({ name: word('Of the file'), text: Type.String({ maxLength: 32 * 1024 }) }, strict),
    seed: Type.Integer({ minimum: 0 }),
    target: word('Base URL, or what the lab started itself, with its settings'),
    void: nullable(word('Why it does not count, such as a generator that lagged')),
    machine: Type.Object(
      {
        cores: Type.Integer({ minimum: 1 }),
        cpu: word('Model'),
        memoryBytes: amount('All of it'),
        node: word('Version of the generator’s Node'),
        os: word('Kernel'),
      },
      strict,
    ),
    system: Type.Object(
      { version: nullable(word('Of the service')), replicas: nullable(Type.Integer({ minimum: 1 })) },
      strict,
    ),
    offered: Type.Object(
      {
        arrivals: Type.Union([Type.Literal('poisson'), Type.Literal('even'), Type.Literal('at once')]),
        perSecond: Type.Array(amount('Each rate that was tried'), { maxItems: 64 }),
        seconds: amount('At each'),
      },
      strict,
    ),
    steps: Type.Array(RunStepSchema, { maxItems: 64 }),
    knee: nullable(
      Type.Object(
        {
          perSecond: amount('The highest rate that was borne'),
          saturated: word('The resource that was nearest its limit at the first rate that was not'),
        },
        strict,
      ),
    ),
    claims: Type.Array(Type.Object({ claim: word('What the profile expects'), holds: Type.Boolean() }, strict), {
      maxItems: 32,
    }),
    recordings: nullable(Type.Unknown({ description: 'GET /api/v1/performance over the run' })),
  },
  strict,
)

export type Run = Static<typeof RunSchema>
export type RunStep = Static<typeof RunStepSchema>
export type RunOperation = Static<typeof RunOperationSchema>
export type RunResource = Static<typeof RunResourceSchema>
