import type { Frame } from '../format/index.ts'

/** Neighbouring frames that are fetched together: at most 1 MiB of stored bytes, or one frame that is larger. */
export type Span = {
  /** Index of its first frame, which names it. */
  first: number
  /** Index of its last frame. */
  last: number
  storedOffset: number
  storedBytes: number
}

const SPAN_BYTES = 1_048_576

/** Groups a body's frames into spans, always the same way, so that all readers fetch the same ranges. */
export function cutSpans(frames: readonly Frame[]): Span[] {
  const spans: Span[] = []
  frames.forEach((frame, index) => {
    const span = spans.at(-1)
    if (span !== undefined && span.storedBytes + frame.storedBytes <= SPAN_BYTES) {
      span.last = index
      span.storedBytes += frame.storedBytes
      return
    }
    spans.push({ first: index, last: index, storedOffset: frame.storedOffset, storedBytes: frame.storedBytes })
  })
  return spans
}

/** The span that holds the frame with this index. */
export function spanOf(spans: readonly Span[], index: number): Span {
  const span = spans.find(({ first, last }) => index >= first && index <= last)
  if (span === undefined) throw new RangeError(`there is no frame ${index}`)
  return span
}
