import { hash } from 'node:crypto'
import type { RandomSource } from '../core/index.ts'

/** What a key lets its holder do. */
export const SCOPES = ['create', 'read'] as const

/** One of {@link SCOPES}. */
export type Scope = (typeof SCOPES)[number]

const SECRET_BYTES = 32
const KEY = /^key_[A-Za-z0-9_-]{43}$/
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/** A fresh key: `key_` and 256 random bits in base64url, 47 characters. */
export function newKey(random: RandomSource): string {
  return `key_${random.bytes(SECRET_BYTES).toString('base64url')}`
}

/** Whether a text has the form of a key; nothing else is looked up. */
export function isKey(text: string): boolean {
  return KEY.test(text)
}

/** Whether a text can name a key: 1 to 64 letters, digits, dots, hyphens and underscores. */
export function isKeyName(text: string): boolean {
  return NAME.test(text)
}

/** The stored form of a key: SHA-256 in lower-case hex, which suffices for 256 random bits. */
export function hashKey(key: string): string {
  return hash('sha256', key, 'hex')
}
