import type { Transform } from 'node:stream'

/** A zlib stream used as a function: whole frame in, whole result out, its context kept for the next call. */
export type Coder = {
  /**
   * Resolves to the output for `input`, in pieces. Rejects when the stream fails, ends early or gives more than
   * `maxBytes`; after that the coder is unusable. One call at a time.
   */
  run(input: Buffer, maxBytes: number): Promise<Buffer[]>
  /** Frees the context at once. */
  close(): void
}

/**
 * Wraps a zlib stream whose high water marks are above one frame, so that all output of a write is there when its
 * callback runs.
 */
export function createCoder(stream: Transform): Coder {
  let pieces: Buffer[] = []
  let room = 0
  let fail: (error: Error) => void = () => {}
  stream.on('data', (piece: Buffer) => {
    pieces.push(piece)
    room -= piece.length
    if (room < 0) stream.destroy(new Error('the output is too long'))
  })
  stream.on('error', (error) => fail(error))
  // zlib ends the stream, and never calls back, when a frame is over before its input is.
  stream.on('end', () => fail(new Error('the frame ends early')))
  stream.on('close', () => fail(new Error('the stream was closed')))
  return {
    run(input, maxBytes) {
      return new Promise((resolve, reject) => {
        fail = reject
        pieces = []
        room = maxBytes
        stream.write(input, (error) => {
          if (error) return reject(error)
          const output = pieces
          pieces = []
          resolve(output)
        })
      })
    },
    close: () => stream.destroy(),
  }
}
