import { AppError } from './errors.ts'

/** Stored bytes that aren't the bytes that were stored: too few, or of another checksum. `storage_unavailable` over HTTP. */
export class DamagedContent extends AppError {
  constructor(detail: string, cause?: unknown) {
    super('storage_unavailable', { detail, ...(cause !== undefined && { cause }) })
  }
}
