/** What Vitest calls a project: a set of test files that need the same things. */
export type Lane = {
  include: string[]
  exclude?: string[]
  /** One test file after the other. */
  alone?: boolean
}

/** A file that asks for a real server beside its module is called `*.server.test.ts`. */
const SERVER_FILES = 'test/**/*.server.test.ts'

/** Folders whose every test needs a running service, a server, a browser or seconds of a tool. */
const FOLDERS = {
  http: ['service', 'blackbox', 'commands', 'services', 'repository'],
  browser: ['browser'],
  cluster: ['cluster'],
  wide: ['wide', 'lab'],
  stream: ['stream'],
  containers: ['containers'],
  vitess: ['vitess'],
} as const

const filesOf = (folders: readonly string[]) => folders.map((folder) => `test/${folder}/**/*.test.ts`)

/** Sets of test files by name. A test is of `unit`, pure and fast, unless its folder or its `.server.test.ts` says else. */
export const LANES: Readonly<Record<'unit' | 'http' | 'browser' | 'cluster' | 'wide' | 'stream' | 'vitess', Lane>> = {
  unit: { include: ['test/**/*.test.ts'], exclude: [SERVER_FILES, ...filesOf(Object.values(FOLDERS).flat())] },
  http: { include: [...filesOf(FOLDERS.http), SERVER_FILES], exclude: filesOf([...FOLDERS.wide, ...FOLDERS.stream]) },
  browser: { include: filesOf(FOLDERS.browser) },
  cluster: { include: filesOf(FOLDERS.cluster) },
  wide: { include: filesOf(FOLDERS.wide) },
  // Its suites start and hurt Kafka and HDFS themselves.
  stream: { include: filesOf(FOLDERS.stream), alone: true },
  // Each starts a cluster of a dozen processes.
  vitess: { include: filesOf(FOLDERS.vitess), alone: true },
}

/** What `npm test` runs; the others have commands of their own, which set TEST_LANE. */
const DEFAULT_LANES = ['unit', 'http', 'browser', 'cluster'] as const

/** The lanes of this run. */
export function chosenLanes(wanted = process.env.TEST_LANE): (keyof typeof LANES)[] {
  return wanted !== undefined && wanted in LANES ? [wanted as keyof typeof LANES] : [...DEFAULT_LANES]
}
