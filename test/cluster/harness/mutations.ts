/** A change that breaks one promise of the service: in this file, these words become those. */
export type Mutation = { file: string; from: string; to: string }

/** Broken builds that the harness must tell from a good one. */
export const MUTATIONS = {
  'a claim that believes it has won': {
    file: 'src/paste/change/claim.ts',
    from: 'const counted = await countReading(deps, statements, row, id, last)',
    // With time for others between looking and claiming, however idle the machine is.
    to: `await new Promise((resolve) => setTimeout(resolve, 200))
    await countReading(deps, statements, row, id, last)
    const counted = 1`,
  },
  'an expiry that is left to the sweeper': {
    file: 'src/expiry/policy.ts',
    from: 'return expiresAt !== null && expiresAt <= now',
    to: 'return false',
  },
  'a memory that trusts itself for a minute': {
    file: 'src/wiring/backends.ts',
    from: 'const SHARED_MAX_AGE_MS = 4_000',
    to: 'const SHARED_MAX_AGE_MS = 60_000',
  },
  'an acknowledgement before the object is stored': {
    file: 'src/content/stores/s3-writer.ts',
    from: 'await publish(sizeBytes)',
    to: 'void new Promise((resolve) => setTimeout(resolve, 500)).then(() => publish(sizeBytes))',
  },
} as const satisfies Record<string, Mutation>

/** The name of a broken build; for {@link MUTATIONS}. */
export type MutationName = keyof typeof MUTATIONS

/** The variable that tells a process which mutation it is. */
export const MUTATION_VARIABLE = 'SOAK_MUTATION'
