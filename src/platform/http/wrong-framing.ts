import type { IncomingMessage } from 'node:http'
import { AppError } from '../../core/index.ts'

/** The refusal of a request that a proxy in front may understand differently; undefined for all others. */
export function wrongFraming(request: IncomingMessage): AppError | undefined {
  return wrongHeader(request) ?? transferCoding(request.headers['transfer-encoding'])
}

// Node undoes the chunks and hands over what is in them as it is: we would store the compressed bytes as the content.
function transferCoding(header: string | undefined): AppError | undefined {
  const known = header === undefined || header.trim().toLowerCase() === 'chunked'
  return known ? undefined : new AppError('unsupported_transfer_coding', { detail: 'Send no coding but chunked.' })
}

// Node takes the first of two; a proxy in front may take the other, and they would disagree on what was asked.
function wrongHeader({ rawHeaders, httpVersion }: IncomingMessage): AppError | undefined {
  let host = 0
  let type = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string
    if (name.length === 4 && name.toLowerCase() === 'host') host++
    else if (name.length === 12 && name.toLowerCase() === 'content-type') type++
  }
  if (host > 1 || type > 1) return new AppError('duplicate_header')
  return host === 0 && httpVersion === '1.1'
    ? new AppError('bad_request', { detail: 'Send a Host header.' })
    : undefined
}
