import { BlockList, isIP } from 'node:net'
import { validate } from 'node-cron'
import { DURATION_UNITS } from '../core/index.ts'

/** How one environment variable becomes a value. `parse` throws an Error whose message completes "NAME: …". */
export type Setting<Value> = {
  variable: string
  description: string
  /** Shown in the README and used when the variable is absent or empty; undefined means "not set". */
  preset: string | undefined
  secret?: boolean
  parse(text: string): Value
}

const WINDOWS = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const
const SIZES = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const

/** `10s`, `15m`, `2h`, `7d`, `4w` or plain seconds, as milliseconds. */
export function duration(text: string): number {
  const match = /^(\d{1,9})([smhdw]?)$/.exec(text)
  if (!match) throw new Error('wants a time such as 10s, 15m, 2h, 7d or 4w')
  return Number(match[1]) * DURATION_UNITS[(match[2] || 's') as keyof typeof DURATION_UNITS]
}

/** A duration, or `never` as null. */
export function durationOrNever(text: string): number | null {
  return text === 'never' ? null : duration(text)
}

/** `16384`, `16KiB`, `50MiB`, as bytes. */
export function size(text: string): number {
  const match = /^(\d{1,15})(B|KiB|MiB|GiB)?$/.exec(text)
  if (!match) throw new Error('wants a size such as 16384, 16KiB or 50MiB')
  return Number(match[1]) * SIZES[(match[2] ?? 'B') as keyof typeof SIZES]
}

/** A size, or `auto` as null. */
export function sizeOrAuto(text: string): number | null {
  return text === 'auto' ? null : size(text)
}

/** `60/minute` (also second, hour, day), or `off` as null: how many in which window. */
export function rate(text: string): { count: number; windowMs: number } | null {
  if (text === 'off') return null
  const match = /^(\d{1,9})\/(second|minute|hour|day)$/.exec(text)
  if (!match || Number(match[1]) === 0) throw new Error('wants a rate such as 60/minute, or off')
  return { count: Number(match[1]), windowMs: WINDOWS[match[2] as keyof typeof WINDOWS] }
}

/** `5GiB/hour` (also second, minute, day), or `off` as null: how many bytes in which window. */
export function byteRate(text: string): { count: number; windowMs: number } | null {
  if (text === 'off') return null
  const [, bytes = '', window = ''] = /^(\d+(?:B|KiB|MiB|GiB)?)\/(second|minute|hour|day)$/.exec(text) ?? []
  if (!window || size(bytes) === 0) throw new Error('wants bytes in a time, such as 5GiB/hour, or off')
  return { count: size(bytes), windowMs: WINDOWS[window as keyof typeof WINDOWS] }
}

/** A whole number between `least` and `most`. */
export function integer(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < least || value > most)
      throw new Error(`wants a whole number, ${least} to ${most}`)
    return value
  }
}

/** As {@link integer}, or `auto` as null. */
export function integerOrAuto(least: number, most: number): (text: string) => number | null {
  const parse = integer(least, most)
  return (text) => (text === 'auto' ? null : parse(text))
}

/** An absolute http(s) address without path, query and trailing slash. */
export function origin(text: string): string {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search || url.hash || url.username)
    throw new Error('wants an address such as https://paste.example')
  return url.origin
}

/** Segments that need no escaping anywhere. */
const BASE_PATH = /^(\/[A-Za-z0-9][A-Za-z0-9._~-]*)*$/

/** An http or https address, with a path or without, as `https://host/path` without a slash at the end. */
export function webAddress(text: string): string {
  const url = URL.parse(text)
  const path = url?.pathname.replace(/\/$/, '') ?? ''
  if (!url || !/^https?:$/.test(url.protocol) || !BASE_PATH.test(path) || url.search || url.hash || url.username)
    throw new Error('wants an address such as https://paste.example or https://example.org/paste')
  return url.origin + path
}

/** A comma-separated list of addresses and CIDR ranges; never a count of hops, which anybody can forge. */
export function networks(text: string): string[] {
  const list = text.split(',').map((part) => part.trim())
  for (const part of list) {
    const [host = '', prefix] = part.split('/')
    const family = isIP(host)
    const most = family === 4 ? 32 : 128
    if (family === 0 || (prefix !== undefined && (!/^\d+$/.test(prefix) || Number(prefix) > most)))
      throw new Error(`wants addresses or CIDR ranges such as 10.0.0.0/8, and "${part}" is none`)
    if (prefix !== undefined) new BlockList().addSubnet(host, Number(prefix), family === 4 ? 'ipv4' : 'ipv6')
  }
  return list
}

/** `true` or `false`. */
export function flag(text: string): boolean {
  if (text !== 'true' && text !== 'false') throw new Error('wants true or false')
  return text === 'true'
}

/** A cron expression of five fields, or of six that begin with seconds. */
export function cron(text: string): string {
  if (!validate(text)) throw new Error('wants a cron expression such as */15 * * * * *')
  return text
}

/** One of these words. */
export function word<Word extends string>(...words: Word[]): (text: string) => Word {
  return (text) => {
    const found = words.find((candidate) => candidate === text)
    if (found === undefined) throw new Error(`wants one of ${words.join(', ')}`)
    return found
  }
}

/** Any text that is not empty. */
export function text(value: string): string {
  return value
}

/** The name of a header field (RFC 9110 section 5.1), in lower case. */
export function headerName(value: string): string {
  if (!/^[A-Za-z0-9-]{1,64}$/.test(value)) throw new Error('wants the name of a header')
  return value.toLowerCase()
}

/** An entry of the configuration; the type remembers whether there is a default. */
export function setting<Value, const Preset extends string | undefined>(
  variable: string,
  description: string,
  preset: Preset,
  parse: (given: string) => Value,
  secret = false,
): Setting<Value> & { preset: Preset } {
  return { variable, description, preset, parse, secret }
}
