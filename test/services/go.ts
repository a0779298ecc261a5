import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findCommand } from './catalogue.ts'
import { TOOLS_FOLDER } from './tools.ts'

/** A program that is built from the Go module proxy: `name` is its command, the last part of `path`. */
export type GoProgram = { name: string; path: string; version: string }

const WITHIN_MS = 30 * 60_000

/** Where the program lies once it is built, a file for each version; the folder is kept between runs. */
export function goProgramFile({ name, version }: GoProgram): string {
  return join(TOOLS_FOLDER, 'bin', `${name}-${version}`)
}

/**
 * Builds the program, unless it is there. Go's caches are its own and removed: gigabytes, for one build. Returns
 * undefined when it worked, else the last words of Go.
 */
export function buildGoProgram(program: GoProgram): string | undefined {
  const file = goProgramFile(program)
  if (existsSync(file)) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'pastebin-go-'))
  const within = (name: string) => join(folder, name)
  const environment = {
    CGO_ENABLED: '0',
    GOBIN: within('bin'),
    GOCACHE: within('cache'),
    GOMODCACHE: within('modules'),
    // By itself Go makes them read-only, and then they can't be removed.
    GOFLAGS: '-modcacherw',
  }
  try {
    const args = ['install', '-ldflags=-s -w', `${program.path}@${program.version}`]
    const build = spawnSync(findCommand('go') ?? 'go', args, {
      encoding: 'utf8',
      env: { ...process.env, ...environment },
      timeout: WITHIN_MS,
      maxBuffer: 16 << 20,
    })
    if (build.status !== 0)
      return build.stderr?.trim().split('\n').at(-1) || build.error?.message || `exit status ${build.status}`
    const made = `${file}.${process.pid}`
    mkdirSync(join(TOOLS_FOLDER, 'bin'), { recursive: true })
    // Over the border of a file system first, then at once: nobody finds half of it.
    spawnSync('cp', [join(within('bin'), program.name), made])
    renameSync(made, file)
    return undefined
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
