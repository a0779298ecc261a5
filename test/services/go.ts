import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findCommand } from './catalogue.ts'
import { TOOLS_FOLDER } from './tools.ts'

/** A program that is built from the Go module proxy: `name` is its command, the last part of `path`. */
export type GoProgram = { name: string; path: string; version: string }

const WITHIN_MS = 60 * 60_000

/** Where the program lies once it is built, a file for each version; the folder is kept between runs. */
export function goProgramFile({ name, version }: Pick<GoProgram, 'name' | 'version'>): string {
  return join(TOOLS_FOLDER, 'bin', `${name}-${version}`)
}

/** Builds the program, unless it is there. Returns undefined when it worked, else the last words of Go. */
export function buildGoProgram(program: GoProgram): string | undefined {
  if (existsSync(goProgramFile(program))) return undefined
  return buildWithGo([program], () => ['install', '-ldflags=-s -w', `${program.path}@${program.version}`])
}

/**
 * Runs Go, with the arguments for the folder that gets the programs, and keeps them; `cwd` is where it runs. Go's caches
 * are its own and removed: gigabytes, for one build.
 */
export function buildWithGo(
  programs: readonly Pick<GoProgram, 'name' | 'version'>[],
  argsFor: (bin: string) => string[],
  cwd?: string,
): string | undefined {
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
    const build = spawnSync(findCommand('go') ?? 'go', argsFor(`${within('bin')}/`), {
      cwd,
      encoding: 'utf8',
      env: { ...process.env, ...environment },
      timeout: WITHIN_MS,
      maxBuffer: 16 << 20,
    })
    if (build.status !== 0)
      return build.stderr?.trim().split('\n').at(-1) || build.error?.message || `exit status ${build.status}`
    for (const program of programs) keep(join(within('bin'), program.name), goProgramFile(program))
    return undefined
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function keep(built: string, file: string): void {
  const made = `${file}.${process.pid}`
  mkdirSync(join(TOOLS_FOLDER, 'bin'), { recursive: true })
  // Over the border of a file system first, then at once: nobody finds half of it.
  spawnSync('cp', [built, made])
  renameSync(made, file)
}
