import { createHash } from 'node:crypto'
import { zstdDecompressSync } from 'node:zlib'
import type { Bodies, Body } from './bodies.ts'
import type { Reply } from './exchange.ts'
import type { Got, Operation } from './ledger.ts'

const NOTHING: Got = { content: null, bytes: 0, expiresAt: null, editToken: null, cacheControl: null }
const TAG_DIGITS = 32

/** The `code` of a problem document, or null. */
export function problemCode({ headers, body }: Reply): string | null {
  if (!headers['content-type']?.startsWith('application/problem+json')) return null
  return jsonOf(body)?.code ?? null
}

/**
 * Fills in what became of a write. A 4xx had no effect, nor had a 503 unless it says `commit_unknown`; of what nginx
 * answers itself (502, 504) and of broken answers nobody knows. Nginx repeats a DELETE whose replica died: 410 may
 * then be its own doing.
 */
export function judgeWrite(operation: Operation, { status, body, broken }: Reply): void {
  const { kind, via, code } = operation
  if (status === null || broken !== null) return
  if (status >= 200 && status < 300) {
    operation.outcome = 'ok'
    const told = kind === 'delete' ? undefined : jsonOf(body)
    operation.got = {
      ...NOTHING,
      content: told?.sha256 ?? null,
      expiresAt: told?.expiresAt ? Date.parse(told.expiresAt) : null,
      editToken: told?.editToken ?? null,
    }
  } else if (kind === 'delete' && via === 'front' && status === 410) operation.outcome = 'info'
  else if (status < 500 || (status === 503 && code !== 'commit_unknown')) operation.outcome = 'fail'
}

/** Fills in what a read gave, and which content that is. `candidates` are all that were ever sent to this paste. */
export function judgeRead(operation: Operation, reply: Reply, candidates: readonly Body[], bodies: Bodies): void {
  const { status, headers, broken } = reply
  if (status !== 200 && status !== 206 && status !== 304) {
    if (status !== null && status < 500) operation.outcome = 'fail'
    return
  }
  const got: Got = { ...NOTHING, cacheControl: headers['cache-control'] ?? null }
  operation.got = got
  if (operation.kind !== 'describe') got.bytes = reply.body.length
  // What arrived of a broken body counts for claims; nothing more can be said of it.
  if (broken !== null) return
  operation.outcome = 'ok'
  if (operation.kind === 'describe') {
    const told = jsonOf(reply.body)
    // Of a paste whose readings are counted only its owner hears what it holds.
    got.content = told?.sha256 === undefined ? '?' : told.sha256
    got.expiresAt = told?.expiresAt ? Date.parse(told.expiresAt) : null
    return
  }
  const tagged = candidates.find(
    (body) => bodies.sha256(body).slice(0, TAG_DIGITS) === headers.etag?.slice(1, 1 + TAG_DIGITS),
  )
  const declared = headers['content-length']
  if (status !== 304 && declared === undefined) operation.broken = 'no Content-Length'
  if (operation.kind === 'head' || status === 304) {
    got.content = tagged ? bodies.sha256(tagged) : `?${headers.etag}`
    const encoded = headers['content-encoding'] !== undefined
    if (operation.kind === 'head' && tagged && !encoded && declared !== `${tagged.sizeBytes}`)
      operation.broken = `Content-Length ${declared} of ${tagged.sizeBytes} bytes`
  } else if (status === 206) got.content = contentOfRange(reply, tagged, bodies)
  else got.content = contentOfWhole(reply, candidates, bodies)
}

function contentOfRange({ headers, body }: Reply, tagged: Body | undefined, bodies: Bodies): string {
  const match = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers['content-range'] ?? '')
  if (!match || !tagged) return `?${headers.etag} ${headers['content-range']}`
  const [from, last, total] = match.slice(1).map(Number) as [number, number, number]
  const isRight = total === tagged.sizeBytes && body.equals(bodies.bytes(tagged, from, last + 1))
  return isRight ? bodies.sha256(tagged) : `?${headers['content-range']} of ${headers.etag}`
}

function contentOfWhole({ headers, body }: Reply, candidates: readonly Body[], bodies: Bodies): string {
  let content = body
  try {
    if (headers['content-encoding'] === 'zstd') content = zstdDecompressSync(body)
  } catch (error) {
    return `?${error}`
  }
  const sum = createHash('sha256').update(content).digest('hex')
  const isKnown = candidates.some((candidate) => bodies.sha256(candidate) === sum)
  return isKnown ? sum : `?${content.length} bytes ${sum}`
}

function jsonOf(
  body: Buffer,
): { code?: string; sha256?: string | null; expiresAt?: string; editToken?: string; slug?: string } | undefined {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}
