import { createHash, createHmac, hash, timingSafeEqual } from 'node:crypto'
import { AppError, type RandomSource } from '../../core/index.ts'

const TOKEN_BYTES = 32
const TOKEN = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/

/** A fresh edit token: 256 random bits, base64url, 43 characters. */
export function newEditToken(random: RandomSource): string {
  return random.bytes(TOKEN_BYTES).toString('base64url')
}

/** The edit token of a create with an Idempotency-Key: only who holds the key can have it made again. */
export function derivedEditToken(idempotencyKey: string, salt: string): string {
  return createHmac('sha256', idempotencyKey).update(salt).digest('base64url')
}

/** What is stored of a token: SHA-256 in lower-case hex; enough, because the token is no password but 256 random bits. */
export function hashToken(token: string): string {
  return hash('sha256', token, 'hex')
}

/**
 * Whether this is the paste's edit token, in time that doesn't depend on where they differ. Throws `token_required`
 * without one and `token_invalid` for a wrong or malformed one (other lengths, trailing characters, a last
 * character with stray bits).
 */
export function checkEditToken(token: string | undefined, expectedHash: string): void {
  if (token === undefined)
    throw new AppError('token_required', {
      detail: 'Send the edit token as "Authorization: Bearer …".',
      headers: { 'www-authenticate': 'Bearer' },
    })
  // Hashing comes first and always, so that a malformed token costs what a wrong one does.
  const given = createHash('sha256').update(token).digest()
  const equal = timingSafeEqual(given, Buffer.from(expectedHash, 'hex'))
  if (!equal || !TOKEN.test(token)) throw new AppError('token_invalid')
}
