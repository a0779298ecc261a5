import { AppError } from '../../core/index.ts'

/** The error for a repetition while the first request with its key runs. */
export function inProgress(): AppError {
  return new AppError('idempotency_in_progress', { headers: { 'retry-after': '1' } })
}

/** The error for a request whose key another one has taken over. */
export function overtaken(): AppError {
  return new AppError('idempotency_in_progress', {
    detail: 'Another request with this key came first. Send it again to get the answer of that one.',
    headers: { 'retry-after': '1' },
  })
}

/** The error for a key that belongs to another request. */
export function mismatch(): AppError {
  return new AppError('idempotency_mismatch', {
    detail: 'This Idempotency-Key came with other content or options before. Use a new key for another request.',
  })
}
