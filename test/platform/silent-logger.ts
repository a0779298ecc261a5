import type { Logger } from '../../src/core/index.ts'

/** For parts whose log is not what a test looks at. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} }
