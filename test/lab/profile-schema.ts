import { type Static, Type } from 'typebox'

const strict = { additionalProperties: false }
const above0 = (description: string) => Type.Number({ exclusiveMinimum: 0, description })
const count = (description: string) => Type.Integer({ minimum: 1, description })
const share = (description: string) => Type.Number({ minimum: 0, maximum: 1, description })

/** What the generator knows how to do. */
export const OPERATIONS = ['read', 'range', 'page', 'describe', 'create', 'delete', 'claim', 'guess'] as const
export type OperationName = (typeof OPERATIONS)[number]

const Sizes = Type.Union(
  [
    Type.Object({ bytes: count('Every body has this size') }, strict),
    Type.Object(
      {
        medianBytes: count('Half of the bodies are smaller; sizes are log-normal'),
        p99Bytes: count('One body in a hundred is larger'),
        mostBytes: count('None is larger'),
      },
      strict,
    ),
  ],
  { description: 'bytes: 4096, or medianBytes, p99Bytes and mostBytes of a log-normal distribution' },
)

const Population = Type.Object(
  {
    pastes: count('Pastes that are made before the run'),
    sizes: Sizes,
    text: Type.Optional(
      Type.Enum(['log', 'noise'], { description: 'log: shrinks to a fifth (the default); noise: does not shrink' }),
    ),
    maxViews: Type.Optional(count('Pastes that can be read so often, by a claim')),
    expires: Type.Optional(
      Type.Object(
        {
          fromSeconds: above0('After the beginning of the run, the first paste ends'),
          overSeconds: above0('From then on the others, evenly'),
        },
        strict,
      ),
    ),
  },
  strict,
)

const Arrivals = Type.Object(
  {
    process: Type.Enum(['poisson', 'even', 'at once'], { description: 'When requests begin' }),
    rates: Type.Optional(Type.Array(above0('Requests per second'), { minItems: 1, maxItems: 32 })),
    ladder: Type.Optional(
      Type.Object(
        {
          from: above0('Requests per second of the first step'),
          times: Type.Number({ exclusiveMinimum: 1, maximum: 10, description: 'Each step is so much busier' }),
          most: above0('No step is busier'),
        },
        strict,
      ),
    ),
    bursts: Type.Optional(
      Type.Object(
        {
          size: count('Requests that begin at the same moment, all for one paste'),
          perSecond: above0('Bursts per second'),
        },
        strict,
      ),
    ),
    seconds: above0('How long each step takes'),
    warmUpSeconds: Type.Optional(Type.Number({ minimum: 0, description: 'At the first rate, not counted' })),
    connections: Type.Optional(Type.Integer({ minimum: 1, maximum: 4096, description: 'At most so many at once' })),
  },
  strict,
)

const Operation = Type.Object(
  {
    operation: Type.Enum(OPERATIONS),
    share: above0('Of all requests, relative to the others of the mix'),
    choice: Type.Optional(
      Type.Union(
        [
          Type.Enum(['one', 'uniform'], { description: 'Which paste' }),
          Type.Object({ zipf: above0('Exponent') }, strict),
        ],
        {
          description:
            'Which paste: one, uniform, or {zipf: 0.99}. Bursts always take the next one that nobody has read',
        },
      ),
    ),
    sizes: Type.Optional(Sizes),
    rangeBytes: Type.Optional(count('Of a range: so many bytes from a place of the paste')),
    zstd: Type.Optional(Type.Boolean({ description: 'Says that it accepts zstd, and decodes' })),
    from: Type.Optional(
      Type.String({ pattern: '^127\\.\\d+\\.\\d+\\.\\d+$', description: 'A loopback address to come from' }),
    ),
    statuses: Type.Optional(
      Type.Array(Type.Integer({ minimum: 200, maximum: 599 }), { description: 'Answers that are no errors' }),
    ),
  },
  strict,
)

const Crowd = Type.Object(
  {
    kind: Type.Enum(['slow headers', 'slow bodies', 'slow readers'], { description: 'What they are slow at' }),
    clients: Type.Integer({ minimum: 1, maximum: 4096, description: 'So many all the time' }),
    bytesPerSecond: count('Pace of each'),
  },
  strict,
)

const Expect = Type.Object(
  {
    errorShare: Type.Optional(share('At most this part of the requests may fail')),
    p99Ms: Type.Optional(Type.Record(Type.String(), above0('ms'), { description: 'By operation, at most' })),
    kneePerSecond: Type.Optional(above0('At least')),
    winnersPerPaste: Type.Optional(count('Claims of one paste that get it, exactly')),
    refusedShare: Type.Optional(share('At least this part of the guesses is answered 429')),
    storeReadsPerBurst: Type.Optional(above0('Calls to the object store for one burst, at most')),
  },
  strict,
)

/** A load profile: a file of `config/load/`. */
export const ProfileSchema = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$', description: 'Small letters, digits and dashes' }),
    about: Type.String({ minLength: 1, maxLength: 400, description: 'What it shows, in a sentence' }),
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1 })),
    population: Population,
    arrivals: Arrivals,
    mix: Type.Array(Operation, { minItems: 1, maxItems: 16 }),
    crowds: Type.Optional(Type.Array(Crowd, { maxItems: 8 })),
    knee: Type.Optional(
      Type.Object(
        {
          p99Ms: above0('A rate is borne as long as p99 of every operation is at most this'),
          bisections: Type.Integer({ minimum: 0, maximum: 8, description: 'Rates tried between the last two' }),
        },
        strict,
      ),
    ),
    system: Type.Optional(
      Type.Object(
        {
          settings: Type.Optional(
            Type.Record(Type.String({ pattern: '^[A-Z][A-Z0-9_]*$' }), Type.String(), {
              description: 'Variables of the replicas that the lab starts itself',
            }),
          ),
          countStoreReads: Type.Optional(
            Type.Boolean({ description: 'Have a proxy in the generator count what a cluster reads from the store' }),
          ),
          restartBefore: Type.Optional(
            Type.Boolean({ description: 'Restart them after the population is made, so that their memory is cold' }),
          ),
        },
        strict,
      ),
    ),
    expect: Type.Optional(Expect),
  },
  strict,
)

export type Profile = Static<typeof ProfileSchema>
export type MixEntry = Profile['mix'][number]
export type SizesOf = Static<typeof Sizes>
export type CrowdOf = Static<typeof Crowd>
