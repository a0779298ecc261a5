import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildWithGo, goProgramFile } from './go.ts'

/** Programs that are built together, from a module in `go-modules` whose go.mod and go.sum pin all that they need. */
export type GoModule = {
  /** Its folder. */
  name: string
  /** The module that it requires, whose version the programs have. */
  requires: string
  /** The path of each program's package, by the name of its command. */
  programs: Readonly<Record<string, string>>
}

const FOLDER = fileURLToPath(new URL('go-modules', import.meta.url))

/** The version that the module's go.mod pins. */
export function goModuleVersion({ name, requires }: GoModule): string {
  const pinned = readFileSync(join(FOLDER, name, 'go.mod'), 'utf8')
  const version = new RegExp(`^(?:require )?\\s*${RegExp.escape(requires)} (\\S+)$`, 'm').exec(pinned)?.[1]
  if (version === undefined) throw new Error(`${name}/go.mod does not require ${requires}`)
  return version
}

/** Where one of the module's programs lies once it is built. */
export function goModuleFile(module: GoModule, program: string): string {
  return goProgramFile({ name: program, version: goModuleVersion(module) })
}

/** Whether every program is there. */
export function isBuilt(module: GoModule): boolean {
  return Object.keys(module.programs).every((program) => existsSync(goModuleFile(module, program)))
}

/** Builds the programs, unless they are there. Returns undefined when it worked, else the last words of Go. */
export function buildGoModule(module: GoModule): string | undefined {
  if (isBuilt(module)) return undefined
  const version = goModuleVersion(module)
  const names = Object.keys(module.programs)
  const [first = ''] = names
  // Go names what it builds after the last part of the path, which may be the version of an interface.
  const output = (bin: string) => (names.length === 1 ? `${bin}${first}` : bin)
  const args = (bin: string) => ['build', '-ldflags=-s -w', '-o', output(bin), ...Object.values(module.programs)]
  const programs = names.map((name) => ({ name, version }))
  return buildWithGo(programs, args, join(FOLDER, module.name))
}
