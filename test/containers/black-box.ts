import { fileURLToPath } from 'node:url'
import type { Run } from './command.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Runs the black-box suite (test/blackbox/suite.ts) on the service at `origin`; gives how many tests passed. */
export async function runSuite(run: Run, origin: string, signal: AbortSignal): Promise<string> {
  // Without the configuration of npm test, which would start servers of our own.
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--root', ROOT, '--pool=forks', '--testTimeout=30000']
  const output = await run(process.execPath, [...vitest, '--reporter=agent', 'test/containers/suite.test.ts'], {
    cwd: ROOT,
    environment: { SERVICE_URL: origin, NO_COLOR: '1' },
    signal,
  })
  return /Tests +(\d+ passed)/.exec(output)?.[1] ?? output.slice(-500)
}
