import { readFileSync } from 'node:fs'

/** A test that is known to fail now and then; until it is mended, a failure that it does not repeat alone is forgiven. */
export type Quarantined = {
  /** The path of a test file, or that, ` > ` and the full name of one test in it. */
  name: string
  /** The day on which it was listed, as 2026-12-01. */
  since: string
  /** What is known of the cause, and who mends it. */
  reason: string
}

/** More of them, or older ones, and the list would hide what it should show. */
const MOST = 5
const MOST_DAYS = 14

const DAY_MS = 86_400_000
const FILE = new URL('quarantine.json', import.meta.url)

/** The tests that are in quarantine. */
export function readQuarantine(): Quarantined[] {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Quarantined[]
}

/** What is wrong with the list itself, one sentence each; `isFile` knows the test files that there are. */
export function quarantineFaults(list: Quarantined[], now: number, isFile: (path: string) => boolean): string[] {
  const faults = list.flatMap(({ name, since, reason }) => {
    const days = (now - Date.parse(since)) / DAY_MS
    return [
      ...(isFile(fileOf(name)) ? [] : [`${name}: there is no such file`]),
      ...(days >= -1 && days <= MOST_DAYS ? [] : [`${name}: since ${since}, which is not within ${MOST_DAYS} days`]),
      ...(reason.trim() ? [] : [`${name}: no reason`]),
    ]
  })
  return list.length > MOST ? [...faults, `${list.length} tests are listed; ${MOST} may be`] : faults
}

/** Whether the list has the file, or every one of these tests of it. */
export function isQuarantined(list: Quarantined[], file: string, tests: readonly string[]): boolean {
  const has = (wanted: string) => list.some(({ name }) => name === wanted)
  return has(file) || (tests.length > 0 && tests.every((test) => has(`${file} > ${test}`)))
}

function fileOf(name: string): string {
  return name.split(' > ', 1)[0] ?? name
}
