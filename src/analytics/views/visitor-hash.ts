import { hash } from 'node:crypto'
import type { Salts } from './salts.ts'

/** The client of a request, as far as its headers reveal it. */
export type Visitor = {
  /** 22 characters: 128 bits of a hash of address and user agent, salted with the day. */
  readonly user: string
  /** 48 other bits of it, as a number: for {@link VisitorSet}. */
  readonly bits: number
  readonly isBot: boolean
}

/** Tells visitors apart. `address` is as the request's, `day` as of `dayOf`. */
export type Visitors = { of(address: string, userAgent: string, day: number): Visitor }

type Known = { userAgent: string; visitor: Visitor }

const MOST_ADDRESSES = 4_096
const MOST_AGENTS = 8

/**
 * Hashes visitors, and remembers whom it saw lately: a hash and the judgement of a user agent take microseconds, and
 * most requests come from somebody who was just there. What is remembered lies in memory only, for a day at most.
 */
export function createVisitors(salts: Salts, isBot: (userAgent: string) => boolean): Visitors {
  let today = 0
  let changes = 0
  // Two generations: the older one is dropped as a whole when the younger one is full.
  let younger = new Map<string, Known[]>()
  let older = new Map<string, Known[]>()

  function make(address: string, userAgent: string, day: number): Visitor {
    const digest = hash('sha256', `${salts.ofDay(day)}\n${address}\n${userAgent}`, 'buffer')
    return {
      user: digest.toString('base64url', 0, 16),
      bits: digest.readUIntBE(16, 6),
      isBot: isBot(userAgent),
    }
  }

  function knownAt(address: string): Known[] {
    let known = younger.get(address)
    if (known) return known
    known = older.get(address) ?? []
    if (younger.size >= MOST_ADDRESSES) {
      older = younger
      younger = new Map()
    }
    younger.set(address, known)
    return known
  }

  return {
    of(address, userAgent, day) {
      if (day !== today || salts.changes() !== changes) {
        today = day
        changes = salts.changes()
        younger = new Map()
        older = new Map()
      }
      const known = knownAt(address)
      for (const one of known) if (one.userAgent === userAgent) return one.visitor
      const visitor = make(address, userAgent, day)
      if (known.length >= MOST_AGENTS) known.shift()
      known.push({ userAgent, visitor })
      return visitor
    },
  }
}
