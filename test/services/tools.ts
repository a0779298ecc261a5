import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Where tools lie that no Debian package brings, with their commands in `bin`: kept between runs, ignored by git. */
export const TOOLS_FOLDER = join(ROOT, '.cache/tools')

/**
 * Runs the script that brings a tool, as whoever runs this, with {@link TOOLS_FOLDER} as `$1`. Returns undefined when it
 * worked, else its own last words.
 */
export function bringTool(script: string): string | undefined {
  mkdirSync(join(TOOLS_FOLDER, 'bin'), { recursive: true })
  const run = spawnSync('sh', ['-ec', script, 'tool', TOOLS_FOLDER], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 5 * 60_000,
  })
  if (run.status === 0) return undefined
  return run.stderr.trim().split('\n').at(-1) || run.error?.message || `exit status ${run.status}`
}
