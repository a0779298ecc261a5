export { acceptsZstd, type Encoding, pickEncoding, prefersHtml, prefersJson } from './accept.ts'
export {
  type BodySource,
  declaredBytes,
  type Meter,
  readBody,
  readWhole,
  refuseDeclaredOver,
  tooLarge,
  watchSpeed,
} from './body.ts'
export { type Clock, systemClock } from './clock.ts'
export { matchHolds, noneMatchHolds, notModifiedSince, rangeStillHolds, unmodifiedHolds } from './conditional.ts'
export { type ContentCoding, contentCoding, decodeContent, mostCodedBytes } from './content-coding.ts'
export { DuplicateKey, OutcomeUnknown } from './database-failures.ts'
export { documentedBy, OPERATOR_SECURITY } from './documented.ts'
export { AppError, isAppError } from './errors.ts'
export { type EventPaste, type PasteAction, type PasteEvents, SILENT_EVENTS, type Via } from './events.ts'
export { readFields } from './form.ts'
export { freeBuffer } from './free-buffer.ts'
export { JSON_LIMIT_BYTES, readJson } from './json.ts'
export type { Logger } from './logger.ts'
export { type MediaType, parseMediaType } from './media-type.ts'
export type { CacheCount, Observe, ObservedPart, Spent } from './observe.ts'
export { PROBLEM_SCHEMA, PROBLEMS, type ProblemCode } from './problems.ts'
export { type RandomSource, randomBelow, systemRandom } from './random.ts'
export { type ByteRange, parseRange } from './range.ts'
export { validate } from './schema.ts'
export { type Placeholders, type Statement, statement } from './statement.ts'
