import { createHash, createHmac, hash, timingSafeEqual } from 'node:crypto'
import { AppError, type RandomSource } from '../../core/index.ts'

const TOKEN_BYTES = 32
const TOKEN = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/

/** A fresh edit token: 256 random bits, base64url, 43 characters. */
export function newEditToken(random: RandomSource): string {
  return random.bytes(TOKEN_BYTES).toString('base64url')
}

/** The edit token of a create with an Idempotency-Key: derived, so that a repetition gets the same one. */
export function derivedEditToken(idempotencyKey: string, salt: string): string {
  return createHmac('sha256', idempotencyKey).update(salt).digest('base64url')
}

/** The stored form of a token: SHA-256 in lower-case hex, which suffices for 256 random bits. */
export function hashToken(token: string): string {
  return hash('sha256', token, 'hex')
}

/**
 * Checks an edit token in constant time. Throws `token_required` without one and `token_invalid` for a wrong or
 * malformed one (other lengths, trailing characters, a last character with stray bits).
 */
export function checkEditToken(token: string | undefined, expectedHash: string): void {
  if (token === undefined)
    throw new AppError('token_required', {
      detail: 'Send the edit token as "Authorization: Bearer …".',
      headers: { 'www-authenticate': 'Bearer' },
    })
  // Always hashes, so that a malformed token takes as long as a wrong one.
  const given = createHash('sha256').update(token).digest()
  const equal = timingSafeEqual(given, Buffer.from(expectedHash, 'hex'))
  if (!equal || !TOKEN.test(token)) throw new AppError('token_invalid')
}
