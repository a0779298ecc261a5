import { createHmac, timingSafeEqual } from 'node:crypto'
import { readAnswer } from './answer.ts'
import { encodeName, numbers } from './wire.ts'

/** A secret shared with a DNS server, and its name there. */
export type TsigKey = {
  name: string
  algorithm: 'hmac-sha256' | 'hmac-sha384' | 'hmac-sha512'
  secret: Buffer
}

/** A signed message, and the signature by which the answer to it is known. */
export type Signed = { message: Buffer; mac: Buffer }

/** How far the two clocks may be apart; RFC 8945 recommends it. */
const FUDGE_SECONDS = 300
const TSIG = 250
const ANY = 255
const COUNT_OFFSET = 10

/**
 * Signs a message of at least a header with a TSIG record at its end (RFC 8945); `at` is the time in seconds since the
 * epoch.
 */
export function signMessage(message: Buffer, key: TsigKey, at: number): Signed {
  const [name, algorithm] = [encodeName(key.name), encodeName(key.algorithm)]
  const time = numbers([at, 6], [FUDGE_SECONDS, 2])
  const noError = numbers([0, 2], [0, 2])
  const mac = hmac(key, [message, variables(name, algorithm, time, noError)])
  const data = Buffer.concat([algorithm, time, numbers([mac.length, 2]), mac, message.subarray(0, 2), noError])
  const record = Buffer.concat([name, numbers([TSIG, 2], [ANY, 2], [0, 4], [data.length, 2]), data])
  return { message: Buffer.concat([withCount(message, 1), record]), mac }
}

/**
 * Holds an answer against the request it is for: same id, signed with the same key for that very request, not longer
 * ago than clocks differ, and a success. Throws an Error with the reason, the server's own included.
 */
export function checkAnswer(answer: Buffer, request: Signed, key: TsigKey, at: number): void {
  const { id, outcome, tsig } = readAnswer(answer)
  if (id !== request.message.readUInt16BE(0)) throw new Error('the answer is for another request')
  if (tsig === undefined || tsig.mac.length === 0) throw new Error(outcome ?? 'the answer is not signed')
  const signed = Buffer.concat([numbers([tsig.originalId, 2]), withCount(tsig.before, -1).subarray(2)])
  const expected = hmac(key, [
    numbers([request.mac.length, 2]),
    request.mac,
    signed,
    variables(encodeName(key.name), encodeName(key.algorithm), tsig.time, tsig.error),
  ])
  if (tsig.mac.length !== expected.length || !timingSafeEqual(tsig.mac, expected))
    throw new Error('the answer is not signed with our key')
  if (outcome !== undefined) throw new Error(outcome)
  if (Math.abs(tsig.time.readUIntBE(0, 6) - at) > FUDGE_SECONDS) throw new Error('the answer is too old')
}

function hmac({ algorithm, secret }: TsigKey, parts: Buffer[]): Buffer {
  return createHmac(algorithm.slice('hmac-'.length), secret).update(Buffer.concat(parts)).digest()
}

/** What is signed beside the message: of the record all but the signature itself (RFC 8945, 4.3.3). */
function variables(name: Buffer, algorithm: Buffer, time: Buffer, error: Buffer): Buffer {
  return Buffer.concat([name, numbers([ANY, 2], [0, 4]), algorithm, time, error])
}

/** A copy whose number of additional records, the TSIG record being one, is changed by so many. */
function withCount(message: Buffer, by: number): Buffer {
  const copy = Buffer.from(message)
  copy.writeUInt16BE(copy.readUInt16BE(COUNT_OFFSET) + by, COUNT_OFFSET)
  return copy
}
