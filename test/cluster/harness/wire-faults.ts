import type { Faults, Link } from '../../services/index.ts'

const COM_STMT_EXECUTE = 0x17
const COMMANDS_PER_LOSS = 5
/** Longer than the fields of an answer: its three quarters lie in the body. */
const LARGE_PIECE_BYTES = 4_096

/** The server carries out every fifth statement and its client never hears of it. */
export function loseReplies(): Faults {
  let executed = 0
  return {
    onRequest(bytes: Buffer, link: Link) {
      // The command stands behind the four bytes of the packet's head.
      if (bytes[4] === COM_STMT_EXECUTE && ++executed % COMMANDS_PER_LOSS === 0) link.dropReply()
      return undefined
    },
  }
}

/** One bit of every third large piece of an answer is another one; the length stays. */
export function flipBytes(): Faults {
  let pieces = 0
  return {
    onReply(bytes: Buffer) {
      if (bytes.length < LARGE_PIECE_BYTES || ++pieces % 3 !== 0) return undefined
      const flipped = Buffer.from(bytes)
      const at = Math.floor(bytes.length * 0.75)
      flipped[at] = (flipped[at] ?? 0) ^ 0x01
      return flipped
    },
  }
}
