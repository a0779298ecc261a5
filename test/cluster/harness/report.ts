import type { FaultRecord, Ledger, Operation, Violation } from './ledger.ts'

const MOST_SHOWN = 8

/** One line for a run that goes on. */
export function progressLine(ledger: Ledger, elapsedMs: number, violations: number): string {
  const done = ledger.operations.filter(({ endedAt }) => endedAt !== Number.POSITIVE_INFINITY)
  const acknowledged = done.filter(({ sent, outcome }) => sent && outcome === 'ok').length
  const under = ledger.faults.filter(({ endedAt }) => endedAt === Number.POSITIVE_INFINITY).map(({ name }) => name)
  const parts = [
    `${(elapsedMs / 1_000).toFixed(0).padStart(4)} s`,
    `${done.length} answered, ${ledger.operations.length - done.length} under way`,
    `${acknowledged} writes acknowledged`,
    `${ledger.faults.length} faults`,
    `${violations} violations`,
  ]
  return `${parts.join('  ')}${under.length > 0 ? `  now: ${under.join(', ')}` : ''}`
}

/** Tables for people: operations by kind with times from when they were due, faults by name, violations. */
export function summary(ledger: Ledger, violations: readonly Violation[]): string {
  const kinds = Map.groupBy(
    ledger.operations.filter(({ final }) => !final),
    ({ kind }) => kind,
  )
  const rows = [...kinds].sort().map(([kind, operations]) => {
    const took = operations.map((operation) => operation.endedAt - operation.scheduledAt).sort((a, b) => a - b)
    const outcomes = (['ok', 'fail', 'info'] as const).map((outcome) => count(operations, outcome))
    return [kind, operations.length, ...outcomes, at(took, 0.5), at(took, 0.99), at(took, 1)]
  })
  const late = ledger.operations.map((operation) => operation.startedAt - operation.scheduledAt).sort((a, b) => a - b)
  const faults = [...Map.groupBy(ledger.faults, ({ name }) => name)]
    .sort()
    .map(([name, those]) => [
      name,
      those.length,
      `${(those.reduce((sum, fault) => sum + duration(fault), 0) / 1_000).toFixed(1)} s`,
    ])
  return [
    table(['operation', 'all', 'ok', 'refused', 'unknown', 'p50 ms', 'p99 ms', 'max ms'], rows),
    `requests began ${at(late, 0.99)} ms after they were due at p99, ${at(late, 1)} ms at most`,
    ...(faults.length > 0 ? [table(['fault', 'times', 'in all'], faults)] : []),
    `read back at the end: ${ledger.operations.filter(({ final, outcome }) => final && outcome === 'ok').length} answers`,
    ...violations.slice(0, MOST_SHOWN).map((violation) => describeViolation(violation, ledger)),
    `${violations.length} violations`,
  ].join('\n\n')
}

/** A violation with its lines of the ledger, and the faults around it. */
export function describeViolation({ check, message, operations }: Violation, { faults }: Ledger): string {
  const lines = operations.slice(0, MOST_SHOWN).map((operation) => `    ${JSON.stringify(operation)}`)
  const first = Math.min(...operations.map(({ startedAt }) => startedAt))
  const last = Math.max(...operations.map(({ endedAt }) => endedAt))
  const near = faults
    .filter((fault) => fault.endedAt + 5_000 > first && fault.startedAt < last)
    .map(({ name, replicas, startedAt, endedAt }) => `    ${name} [${replicas}] ${startedAt} to ${endedAt}`)
  return [`VIOLATION ${check}: ${message}`, ...lines, ...near.slice(0, MOST_SHOWN)].join('\n')
}

function count(operations: readonly Operation[], outcome: Operation['outcome']): number {
  return operations.filter((operation) => operation.outcome === outcome).length
}

function at(sorted: readonly number[], share: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(0)
}

function duration({ startedAt, endedAt }: FaultRecord): number {
  return endedAt - startedAt
}

function table(head: string[], rows: (string | number)[][]): string {
  const cells = [head, ...rows.map((row) => row.map(String))]
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  const line = (row: string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
  return cells.map(line).join('\n')
}
