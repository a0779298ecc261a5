import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { TOOLS_FOLDER } from './tools.ts'

/** Packages of Debian's rolling suite, each with the version that is wanted: `redis-server=5:8.0.*`. */
export type UnstablePackages = { name: string; packages: readonly string[] }

/** The rolling suite, and Debian 13. */
export type DebianSuite = 'sid' | 'trixie'

const SCRIPT = fileURLToPath(new URL('unpack-debian.sh', import.meta.url))
const WITHIN_MS = 10 * 60_000

/** Whether {@link bringUnstable} has brought them; they are kept between runs. */
export function hasUnstable({ name }: UnstablePackages): boolean {
  return existsSync(folderOf(name))
}

/**
 * Unpacks packages with all that they need into a folder of their own, unless they are there, and links the programs
 * named `commands` into {@link TOOLS_FOLDER}. The system is not touched. Returns undefined when it worked, else the last
 * words of apt: the suite moves every day, and on some days a version is gone or can't be installed.
 */
export function bringUnstable({ name, packages }: UnstablePackages, commands: readonly string[]): string | undefined {
  const folder = folderOf(name)
  const failure = unpackDebian(folder, 'sid', packages)
  if (failure !== undefined) return failure
  const links = join(TOOLS_FOLDER, 'bin')
  mkdirSync(links, { recursive: true })
  for (const command of commands) {
    const program = ['bin', 'sbin'].map((place) => join(folder, 'usr', place, command)).find(existsSync)
    if (program === undefined) continue
    rmSync(join(links, command), { force: true })
    symlinkSync(program, join(links, command))
  }
  return undefined
}

/** The same without the links, of any suite and into any folder: what an image is made of. */
export function unpackDebian(folder: string, suite: DebianSuite, packages: readonly string[]): string | undefined {
  if (existsSync(folder)) return undefined
  mkdirSync(dirname(folder), { recursive: true })
  const run = spawnSync('sh', [SCRIPT, folder, suite, ...packages], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: WITHIN_MS,
  })
  if (run.status === 0) return undefined
  rmSync(`${folder}.draft`, { recursive: true, force: true })
  return run.stderr?.trim().split('\n').at(-1) || run.error?.message || `exit status ${run.status}`
}

function folderOf(name: string): string {
  return join(TOOLS_FOLDER, name)
}
