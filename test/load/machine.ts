import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'

/** Servers run here alone, … */
export const SERVER_CORE = 1
/** … and everything that puts load on them here. */
export const LOAD_CORE = 0

// USER_HZ, which Linux has fixed at 100 for programs.
const TICK_MS = 10

/** Moves a process and all its threads onto one core. */
export function pin(pid: number, core: number): void {
  execFileSync('taskset', ['-acp', `${core}`, `${pid}`], { stdio: 'ignore' })
}

/** Lets a process, all its threads and what it starts from now on run on every core again. */
export function unpin(pid: number): void {
  execFileSync('taskset', ['-acp', `0-${cpus().length - 1}`, `${pid}`], { stdio: 'ignore' })
}

/** Peak (`VmHWM`) or present (`VmRSS`) resident memory of a process, bytes. */
export function residentBytes(pid: number, which: 'VmHWM' | 'VmRSS'): number {
  const line = new RegExp(`^${which}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(line?.[1]) * 1024
}

/**
 * Runs `work` and says which part (0 to 1) of its time the busier of the two cores gave to others: to processes that
 * are neither the server `pid` nor ours, or to the host of a virtual machine.
 */
export async function watched<Value>(
  pid: number,
  work: () => Promise<Value>,
): Promise<{ value: Value; foreign: number }> {
  const before = { at: performance.now(), core: coreMs(SERVER_CORE), load: coreMs(LOAD_CORE), ...ownMs(pid) }
  const value = await work()
  const after = { core: coreMs(SERVER_CORE), load: coreMs(LOAD_CORE), ...ownMs(pid) }
  const wallMs = performance.now() - before.at
  const onServerCore = after.core - before.core - (after.server - before.server)
  const onLoadCore = after.load - before.load - (after.ours - before.ours)
  return { value, foreign: Math.max(0, onServerCore, onLoadCore) / wallMs }
}

/** CPU time of the server with its threads, and of this process with the children it has waited for; ms. */
function ownMs(pid: number): { server: number; ours: number } {
  const server = processMs(pid)
  const ours = processMs(process.pid)
  return { server: server.own + server.children, ours: ours.own + ours.children }
}

/** CPU time that a process has used so far, with its threads, and that its children which it has waited for used; ms. */
export function processMs(pid: number): { own: number; children: number } {
  // The name in brackets may hold blanks: count from behind it. See proc_pid_stat(5), fields 14 to 17.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ').map(Number) ?? []
  const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15)
  return { own: (user + system) * TICK_MS, children: (childUser + childSystem) * TICK_MS }
}

/** The processes that a process has started and that run, such as the workers of nginx. */
export function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number)
}

/** Time that a core was not idle since the machine started, ms. */
function coreMs(core: number): number {
  const line = new RegExp(`^cpu${core} (.*)$`, 'm').exec(readFileSync('/proc/stat', 'utf8'))
  const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0, steal = 0] = (line?.[1] ?? '').split(' ').map(Number)
  return (user + nice + system + irq + softIrq + steal) * TICK_MS
}
