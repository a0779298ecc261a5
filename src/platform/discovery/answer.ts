import { readName } from './wire.ts'

/** The TSIG record at the end of an answer. */
export type AnswerTsig = {
  /** The message before the record, whose header still counts it. */
  before: Buffer
  originalId: number
  /** Empty where the server did not accept the signature of the request. */
  mac: Buffer
  /** When it was signed, seconds since the epoch (6 bytes), and how far clocks may differ (2 bytes). */
  time: Buffer
  /** Error (2 bytes), length of the data that explains it (2 bytes), and that data. */
  error: Buffer
}

/** The answer of a DNS server, as far as an update needs it. */
export type Answer = {
  id: number
  /** Why the server refused, by the names of RFC 2136 and RFC 8945; undefined for a success. */
  outcome: string | undefined
  tsig: AnswerTsig | undefined
}

const HEADER_BYTES = 12
const TSIG = 250
const OUTCOMES: Record<number, string> = {
  1: 'FORMERR: the server could not read it',
  2: 'SERVFAIL: the server failed',
  4: 'NOTIMP: the server takes no updates',
  5: 'REFUSED: the key may not change this name',
  9: 'NOTAUTH: the server is not responsible for this zone, or does not know the key',
  10: 'NOTZONE: the name is not in the zone',
  16: 'BADSIG: the secret is not the one that the server has',
  17: 'BADKEY: the server knows no key of this name and algorithm',
  18: 'BADTIME: the clocks are more than 5 minutes apart',
}

/** Reads an answer. Throws RangeError where it is malformed. */
export function readAnswer(message: Buffer): Answer {
  const code = message.readUInt16BE(2) & 0xf
  const [questions = 0, ...records] = [4, 6, 8, 10].map((offset) => message.readUInt16BE(offset))
  let at = HEADER_BYTES
  for (let count = 0; count < questions; count++) at = readName(message, at).end + 4
  let last: { start: number; data: number; type: number } | undefined
  for (let count = records.reduce((sum, each) => sum + each, 0); count > 0; count--) {
    const { end } = readName(message, at)
    last = { start: at, data: end + 10, type: message.readUInt16BE(end) }
    at = last.data + message.readUInt16BE(end + 8)
  }
  const tsig = last?.type === TSIG ? readTsig(message, last.start, last.data) : undefined
  const outcome = tsig?.error.readUInt16BE(0) || code
  return { id: message.readUInt16BE(0), outcome: outcome ? (OUTCOMES[outcome] ?? `code ${outcome}`) : undefined, tsig }
}

function readTsig(message: Buffer, start: number, data: number): AnswerTsig {
  const { end } = readName(message, data)
  const macEnd = end + 10 + message.readUInt16BE(end + 8)
  return {
    before: message.subarray(0, start),
    originalId: message.readUInt16BE(macEnd),
    mac: message.subarray(end + 10, macEnd),
    time: message.subarray(end, end + 8),
    error: message.subarray(macEnd + 2, macEnd + 6 + message.readUInt16BE(macEnd + 4)),
  }
}
