import { SETTINGS } from './config.ts'

/** Beginnings that only our variables have. */
const PREFIXES = ['DNS_UPDATE_', 'RATE_LIMIT_', 'S3_']
/** Shorter names are near to many that are nobody's mistake, as HOST is to HOME. */
const SHORTEST = 8
const MOST_MISTAKES = 2

/**
 * One line for each variable that can't be meant so: a name that none of ours has and that looks like one of them, and
 * a `_FILE` for what is no secret. Values are never part of a line.
 */
export function suspiciousVariables(environment: Readonly<Record<string, string | undefined>>): string[] {
  const settings = Object.values(SETTINGS)
  const plain = settings.map(({ variable }) => variable)
  const files = settings.filter(({ secret }) => secret).map(({ variable }) => `${variable}_FILE`)
  const known = new Set([...plain, ...files])
  const lines: string[] = []
  for (const name of Object.keys(environment)) {
    if (known.has(name) || !environment[name]) continue
    const bare = name.replace(/_FILE$/, '')
    const nearest = nearestOf(name, [...known])
    if (bare !== name && plain.includes(bare)) lines.push(`${name} is ignored: only secrets are read from files`)
    else if (nearest !== undefined) lines.push(`${name} is ignored: no setting has this name; is ${nearest} meant?`)
    else if (PREFIXES.some((prefix) => name.startsWith(prefix)))
      lines.push(`${name} is ignored: no setting has this name`)
  }
  return lines.sort()
}

function nearestOf(name: string, names: readonly string[]): string | undefined {
  if (name.length < SHORTEST) return undefined
  let nearest: string | undefined
  let fewest = MOST_MISTAKES + 1
  for (const candidate of names) {
    if (candidate.length < SHORTEST || Math.abs(candidate.length - name.length) >= fewest) continue
    const mistakes = distance(name, candidate)
    if (mistakes < fewest) [nearest, fewest] = [candidate, mistakes]
  }
  return nearest
}

/** Levenshtein's distance: insertions, removals and replacements that make one of the other. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[other.length] ?? 0
}
