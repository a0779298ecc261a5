import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findCommand } from './catalogue.ts'
import { TOOLS_FOLDER } from './tools.ts'

/** A program of Maven Central: `name` and `version` name its folder, `artifacts` (group:artifact:version) are asked for. */
export type JavaProgram = {
  name: string
  version: string
  artifacts: readonly string[]
  /** Empty folders that it looks for on its class path. */
  folders?: readonly string[]
}

const WITHIN_MS = 10 * 60_000

/** Of a server in a test: little memory, and soon up rather than fast later. */
const SMALL_AND_SOON = ['-Xms64m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto']

/** What is missing to bring or to run a Java program, as commands; none means that both can be done. */
export function missingForJava(): string[] {
  return ['java', 'mvn'].filter((command) => !findCommand(command))
}

/** Where the program's jars lie once they are there; the folder is kept between runs. */
export function javaProgramFolder({ name, version }: JavaProgram): string {
  return join(TOOLS_FOLDER, `${name}-${version}`)
}

/**
 * Lets Maven bring the program's jars, unless they are there. Its local repository is its own and removed. Returns
 * undefined when it worked, else the last words of Maven.
 */
export function bringJavaProgram(program: JavaProgram): string | undefined {
  const folder = javaProgramFolder(program)
  if (existsSync(folder)) return undefined
  const scratch = mkdtempSync(join(tmpdir(), 'pastebin-maven-'))
  const made = `${folder}.${process.pid}`
  try {
    writeFileSync(join(scratch, 'pom.xml'), project(program))
    const failure = maven(scratch, [
      ...['-B', '-q', '-ntp', `-Dmaven.repo.local=${join(scratch, 'repository')}`],
      ...['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${made}`],
    ])
    if (failure !== undefined) return failure
    for (const name of program.folders ?? []) mkdirSync(join(made, name), { recursive: true })
    // At once: nobody finds half of it.
    renameSync(made, folder)
    return undefined
  } finally {
    for (const path of [scratch, made]) rmSync(path, { recursive: true, force: true })
  }
}

/** The arguments of `java` that run a class of the program in little memory. */
export function javaArguments(program: JavaProgram, mainClass: string, options: readonly string[] = []): string[] {
  const folder = javaProgramFolder(program)
  return [...SMALL_AND_SOON, ...options, '-cp', `${folder}:${join(folder, '*')}`, mainClass]
}

function maven(folder: string, args: string[]): string | undefined {
  const run = spawnSync(findCommand('mvn') ?? 'mvn', args, {
    cwd: folder,
    encoding: 'utf8',
    timeout: WITHIN_MS,
    maxBuffer: 16 << 20,
  })
  if (run.status === 0) return undefined
  const words = `${run.stderr ?? ''}${run.stdout ?? ''}`.split('\n').filter((line) => line.includes('ERROR'))
  return words[0] ?? run.error?.message ?? `exit status ${run.status}`
}

function project({ name, artifacts }: JavaProgram): string {
  const dependencies = artifacts.map((artifact) => {
    const [group, id, version] = artifact.split(':')
    return `<dependency><groupId>${group}</groupId><artifactId>${id}</artifactId><version>${version}</version></dependency>`
  })
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>local</groupId><artifactId>${name}</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>${dependencies.join('\n')}</dependencies></project>
`
}
