/** How the schema of a database suits a release. */
export type SchemaState =
  | { kind: 'current' }
  /** No migration was ever run. */
  | { kind: 'missing' }
  /** It lacks migrations of this release. */
  | { kind: 'older'; names: string[] }
  /** It has migrations that this release does not know, and everything that this release needs. */
  | { kind: 'newer'; names: string[] }
  /** A later release removed what this one needs. */
  | { kind: 'contracted'; names: string[] }

/** The end of the name of a migration that removes something: releases that know migration 0012 do without it. */
const CONTRACTION = /--after-(\d{4})$/

/**
 * Compares the migrations that a database remembers with those that a release knows; pure.
 *
 * A migration adds (`0013-pastes-colour`), or names the oldest release beside it (`0014-drop-x--after-0012`): the
 * database remembers names, so this is how a release hears of what was written after it. Unknown migrations are
 * therefore no obstacle, except for a contraction after a number that the release does not know yet.
 */
export function schemaState(applied: readonly string[], known: readonly string[]): SchemaState {
  if (applied.length === 0) return { kind: 'missing' }
  const lacking = known.filter((name) => !applied.includes(name))
  if (lacking.length > 0) return { kind: 'older', names: lacking }
  const unknown = applied.filter((name) => !known.includes(name))
  if (unknown.length === 0) return { kind: 'current' }
  const latest = Math.max(...known.map((name) => Number.parseInt(name, 10)))
  const fatal = unknown.filter((name) => Number(CONTRACTION.exec(name)?.[1] ?? 0) > latest)
  return fatal.length > 0 ? { kind: 'contracted', names: fatal } : { kind: 'newer', names: unknown }
}

/** Whether a release can work with a schema in this state. */
export function isUsable({ kind }: SchemaState): boolean {
  return kind === 'current' || kind === 'newer'
}

/** The message to the operator: the state, and what to do. `remedy` is how the schema is brought up to date here. */
export function describeSchema(state: SchemaState, remedy: string): string {
  switch (state.kind) {
    case 'current':
      return 'the schema of the database is the one of this version'
    case 'missing':
      return `the database has no tables yet: ${remedy}`
    case 'older':
      return `the schema of the database is older than this version, it lacks ${state.names.join(', ')}: ${remedy}`
    case 'newer':
      return `the schema of the database is newer than this version, which may run on (it also has ${state.names.join(', ')})`
    case 'contracted':
      return `a later version removed from the database what this one needs (${state.names.join(', ')}): start that version instead`
  }
}
