export { acceptsZstd, type Encoding, pickEncoding, prefersHtml, prefersJson, wantsPage } from './accept.ts'
export { bearerToken, givenSecret, parseAuthorization } from './authorization.ts'
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
export { matchHolds, noneMatchHolds, notModifiedSince, rangeStillHolds, unmodifiedHolds } from './conditional.ts'
export {
  type ContentCoding,
  contentCoding,
  decodeContent,
  enterDecoder,
  mostCodedBytes,
  readWholeContent,
  SMALL_BYTES,
} from './content-coding.ts'
export { documentedBy, OPERATOR_SECURITY } from './documented.ts'
export { isForm, readFields } from './form.ts'
export { createIntake, type Intake, memoryRefusal, type SharedIntake } from './intake.ts'
export { decodeJson, JSON_LIMIT_BYTES, readJson, readJsonValue } from './json.ts'
export { type MediaType, parseMediaType } from './parse-media-type.ts'
export { peek, resumed, whole } from './peek.ts'
export { type ByteRange, parseRange } from './range.ts'
export { validate } from './validate.ts'
