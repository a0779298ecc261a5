import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { CATALOGUE, findCommand, missingCommands, SERVICE_NAMES, type ServiceName } from './catalogue.ts'
import { bringUnstable, hasUnstable } from './debian-unstable.ts'
import { bringTool } from './tools.ts'

/** Why a service can't be had, and what would make its suites run: one sentence each, for people. */
export type Missing = { why: string; remedy: string }

/** The services that can't be had on this machine. */
export type MissingServices = Partial<Record<ServiceName | 'sql', Missing>>

/**
 * Installs the Debian packages of those of these services (all of this run's lane) that are not there, where the
 * machine allows it: Debian or Ubuntu, as root or with a sudo that asks for no password; then runs the scripts of those that no package brings. Says on
 * stderr what it does; starts no daemon.
 * Returns what is missing afterwards; a failure to install is a reason in there, never an exception.
 */
export function installServices(names: readonly ServiceName[] = SERVICE_NAMES.filter(isOfLane)): MissingServices {
  bringNewest(names)
  const wanted = names.filter((service) => missingCommands(service).length > 0)
  if (wanted.length === 0) return {}
  const obstacle = whyNotInstallable()
  const failures = new Map<ServiceName, string>()
  const packages = wanted.flatMap((service) => CATALOGUE[service].packages)
  if (!obstacle && packages.length > 0) {
    process.stderr.write(`Installing ${packages.join(' ')}, once (about a minute) …\n`)
    if (aptInstall(packages) !== undefined) {
      // One unknown package makes apt refuse them all: ask again for each service alone.
      for (const service of wanted) {
        const failure = aptInstall(CATALOGUE[service].packages)
        if (failure) failures.set(service, failure)
      }
    }
  }
  for (const service of wanted) {
    const { script } = CATALOGUE[service]
    if (script === undefined) continue
    process.stderr.write(`Fetching ${service}, once …\n`)
    const failure = bringTool(script)
    if (failure) failures.set(service, failure)
  }
  const missing = missingServices((service) => failures.get(service) ?? obstacle)
  return Object.fromEntries(names.flatMap((name) => (missing[name] ? [[name, missing[name]]] : [])))
}

/** Whether there is something to install for a service: what it lacks, or the version that is shipped. */
export function isToBring(service: ServiceName): boolean {
  const { unstable } = CATALOGUE[service]
  return missingCommands(service).length > 0 || (unstable !== undefined && !hasUnstable(unstable))
}

/** Brings the shipped versions that this Debian has not; says on stderr where an older one is used instead, and why. */
function bringNewest(names: readonly ServiceName[]): void {
  for (const service of names) {
    const { unstable, commands } = CATALOGUE[service]
    if (unstable === undefined || hasUnstable(unstable)) continue
    process.stderr.write(`Unpacking ${unstable.packages.join(' ')} of Debian unstable, once …\n`)
    const failure = bringUnstable(unstable, commands.flat())
    if (failure === undefined) continue
    process.stderr.write(`Not the shipped version: ${service} is this machine's own. Why: ${failure}.\n`)
  }
}

/**
 * What is missing now, without installing anything; `explain` may give a better reason than "not installed".
 */
export function missingServices(explain?: (service: ServiceName) => string | undefined): MissingServices {
  const missing: MissingServices = {}
  for (const service of SERVICE_NAMES) {
    const commands = missingCommands(service)
    if (commands.length === 0) continue
    const reason = explain?.(service)
    missing[service] = {
      why: `${commands.join(', ')} not found${reason ? ` (${reason})` : ''}`,
      remedy: remedyOf(service),
    }
  }
  return missing
}

/** Whether this run's suites may ask for the service. */
function isOfLane(service: ServiceName): boolean {
  const { lane } = CATALOGUE[service]
  return lane === undefined || lane === process.env.TEST_LANE || service === process.env.TEST_SQL
}

function remedyOf(service: ServiceName): string {
  const { packages, script } = CATALOGUE[service]
  if (script !== undefined) return `run npm test where this works: ${script.replace(/\s+/g, ' ')}`
  return `install ${packages.join(' ')}, or run npm test as root on Debian or Ubuntu`
}

function whyNotInstallable(): string | undefined {
  if (!findCommand('apt-get') || !/^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readOsRelease())) return 'not Debian or Ubuntu'
  if (process.getuid?.() !== 0 && spawnSync('sudo', ['-n', 'true']).status !== 0) return 'neither root nor free sudo'
  return undefined
}

function readOsRelease(): string {
  try {
    return readFileSync('/etc/os-release', 'utf8')
  } catch {
    return ''
  }
}

// Without a policy apt would start each server on its standard port; where one exists it is respected.
const INSTALL_SCRIPT = `
set -e
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  trap 'rm -f $policy' EXIT
  trap 'exit 1' HUP INT TERM
  printf '#!/bin/sh\\nexit 101\\n' > $policy
  chmod 755 $policy
fi
export DEBIAN_FRONTEND=noninteractive
apt-get -qq -o DPkg::Lock::Timeout=300 update
apt-get -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 install -y --no-install-recommends "$@"
`

/** Runs apt-get; returns undefined when it worked, else its own last words. */
function aptInstall(packages: readonly string[]): string | undefined {
  const shell = ['sh', '-c', INSTALL_SCRIPT, 'install', ...packages]
  const [command = 'sh', ...args] = process.getuid?.() === 0 ? shell : ['sudo', '-n', ...shell]
  const run = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64 << 20 })
  if (run.status === 0) return undefined
  const lines = (run.stderr ?? '').split('\n').filter((line) => line.startsWith('E:'))
  return `apt-get: ${lines.at(-1)?.slice(3) ?? run.error?.message ?? `exit status ${run.status}`}`
}

if (import.meta.main) {
  const given = process.argv.slice(2) as ServiceName[]
  for (const [service, { why, remedy }] of Object.entries(installServices(given.length > 0 ? given : undefined))) {
    process.stdout.write(`${service}: ${why}; ${remedy}\n`)
  }
}
