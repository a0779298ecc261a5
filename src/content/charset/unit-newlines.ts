import { countNewlines } from '../format/index.ts'
import type { Unit } from './charsets.ts'

const NEWLINE = 0x0a

/**
 * Number of newlines in bytes that begin with a whole code unit. In UTF-16 a byte 0x0A alone is no newline: every
 * 256th character has one.
 */
export function countUnitNewlines(bytes: Buffer, unit: Unit): number {
  if (unit === 'byte') return countNewlines(bytes)
  let count = 0
  for (let at = unitNewline(bytes, unit, 0); at >= 0; at = unitNewline(bytes, unit, at)) count++
  return count
}

/** Offset behind the first newline at or behind `from`, which begins a unit; -1 when there is none. */
export function unitNewline(bytes: Buffer, unit: Unit, from: number): number {
  if (unit === 'byte') return bytes.indexOf(NEWLINE, from) + 1 || -1
  const place = unit === 'le' ? 0 : 1
  for (let at = bytes.indexOf(NEWLINE, from); at >= 0; at = bytes.indexOf(NEWLINE, at + 1))
    if ((at & 1) === place && bytes[at ^ 1] === 0) return (at | 1) + 1
  return -1
}

/** Counts newlines of a stream of bytes, wherever it is cut. */
export type NewlineCounter = {
  push(chunk: Buffer): void
  newlines(): number
  /** Lines as an editor counts them: what follows the last newline is a line too. */
  lines(): number
}

/** A counter at the start of a content. */
export function createNewlineCounter(unit: Unit): NewlineCounter {
  let half: Buffer = Buffer.alloc(0)
  let newlines = 0
  let open = false
  return {
    push(chunk) {
      if (chunk.length === 0) return
      const bytes = half.length > 0 ? Buffer.concat([half, chunk]) : chunk
      const whole = unit === 'byte' ? bytes.length : bytes.length & ~1
      half = Buffer.from(bytes.subarray(whole))
      const units = bytes.subarray(0, whole)
      newlines += countUnitNewlines(units, unit)
      if (whole > 0) open = !endsLine(units, unit)
    },
    newlines: () => newlines,
    lines: () => newlines + (open || half.length > 0 ? 1 : 0),
  }
}

function endsLine(units: Buffer, unit: Unit): boolean {
  const from = units.length - (unit === 'byte' ? 1 : 2)
  return unitNewline(units, unit, from) === units.length
}
