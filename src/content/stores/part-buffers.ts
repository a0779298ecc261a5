/** The smallest part of a multipart upload that S3 takes; only the last may be shorter. */
export const PART_BYTES = 5 * 1024 * 1024

/** The memory in which parts of objects are collected, reused from one upload to the next. */
export type PartBuffers = {
  /** A buffer of one part. */
  take(): Buffer
  /** A second one, filled while the first is sent; undefined while enough uploads have one. */
  takeSecond(): Buffer | undefined
  /** Returns buffers that nothing reads or writes any more. */
  giveBack(first: Buffer | undefined, second: Buffer | undefined): void
  /** Instead of `giveBack` after a failure, when a request may still read them: their memory is not reused. */
  drop(second: Buffer | undefined): void
}

/**
 * Buffers of `partBytes`. At most `seconds` uploads have two: the others wait for their part to arrive before they
 * fill the next, so many uploads at once cost little more than one part each.
 */
export function createPartBuffers(partBytes: number, seconds: number): PartBuffers {
  const idle: Buffer[] = []
  let lentSeconds = 0
  // Reused: the garbage collector can't keep up with 5 MiB for each part.
  const take = () => idle.pop() ?? Buffer.allocUnsafeSlow(partBytes)
  return {
    take,
    takeSecond() {
      if (lentSeconds === seconds) return undefined
      lentSeconds++
      return take()
    },
    giveBack(first, second) {
      if (second) lentSeconds--
      for (const buffer of [first, second]) if (buffer && idle.length < seconds) idle.push(buffer)
    },
    drop(second) {
      if (second) lentSeconds--
    },
  }
}
