import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { asUser } from './as-user.ts'
import { buildGoModule, type GoModule, goModuleFile, isBuilt } from './go-module.ts'
import type { ServerCommand } from './process.ts'

const ETCD: GoModule = {
  name: 'etcd',
  requires: 'go.etcd.io/etcd/server/v3',
  programs: { etcd: 'go.etcd.io/etcd/server/v3' },
}
const VITESS: GoModule = {
  name: 'vitess',
  requires: 'vitess.io/vitess',
  programs: {
    vtgate: 'vitess.io/vitess/go/cmd/vtgate',
    vttablet: 'vitess.io/vitess/go/cmd/vttablet',
    vtctld: 'vitess.io/vitess/go/cmd/vtctld',
    vtctldclient: 'vitess.io/vitess/go/cmd/vtctldclient',
    vtorc: 'vitess.io/vitess/go/cmd/vtorc',
  },
}

/** Builds what {@link startVitess} starts, once; says on stderr that it does. Returns undefined, or why it can't. */
export function buildVitess(): string | undefined {
  for (const module of [ETCD, VITESS]) {
    if (isBuilt(module)) continue
    process.stderr.write(`Building ${Object.keys(module.programs).join(', ')} with Go, once (some minutes) …\n`)
    const reason = buildGoModule(module)
    if (reason !== undefined) return `Go could not build ${module.name}: ${reason}`
  }
  return undefined
}

/** Where etcd lies. */
export const etcdFile = () => goModuleFile(ETCD, 'etcd')

/** The variables that the recipe sets for its programs. */
export const VITESS_ENVIRONMENT = Object.fromEntries(
  readFileSync(recipeFile('vitess.env'), 'utf8')
    .split('\n')
    .filter((line) => /^\w+=/.test(line))
    .map((line) => line.split('=')),
)

/** A program of Vitess; all but the client refuse to be root. */
export function vitessCommand(
  name: 'vtctld' | 'vtgate' | 'vttablet' | 'vtorc',
  args: readonly string[],
): Pick<ServerCommand, 'command' | 'args'> {
  return asUser('nobody', goModuleFile(VITESS, name), [...args, ...flagsOf(name)])
}

/**
 * Runs one command of vtctldclient at a vtctld; gives what it writes. `internal` in place of an address: it does itself
 * what vtctld does, all but the switching of traffic.
 */
export async function control(server: string, topology: readonly string[], args: readonly string[]): Promise<string> {
  const whole = ['--server', server, ...topology, ...args]
  const { stdout } = await promisify(execFile)(goModuleFile(VITESS, 'vtctldclient'), whole, { maxBuffer: 16 << 20 })
  return stdout
}

/** The path of a file of the recipe. */
export function recipeFile(name: string): string {
  return fileURLToPath(new URL(`../../config/vitess/${name}`, import.meta.url))
}

function flagsOf(name: string): string[] {
  if (!existsSync(recipeFile(`${name}.flags`))) return []
  return readFileSync(recipeFile(`${name}.flags`), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('--'))
}
