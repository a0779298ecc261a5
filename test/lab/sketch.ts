import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { DDSketch } from '@datadog/sketches-js'

/** Quantiles are off by this part at most. */
const ACCURACY = 0.01

/** An empty sketch of times in ms. */
export function createSketch(): DDSketch {
  return new DDSketch({ relativeAccuracy: ACCURACY })
}

/** A sketch as a run keeps it: protobuf, raw deflate, base64. Its least and greatest value are lost. */
export function encodeSketch(sketch: DDSketch): string {
  return deflateRawSync(sketch.toProto()).toString('base64')
}

/** The sketch back from {@link encodeSketch}. Throws when it is none. */
export function decodeSketch(text: string): DDSketch {
  return DDSketch.fromProto(inflateRawSync(Buffer.from(text, 'base64')))
}

/** All values of the given sketches in one: percentiles are taken from it, never averaged. */
export function mergeSketches(sketches: readonly DDSketch[]): DDSketch {
  const whole = createSketch()
  for (const sketch of sketches) whole.merge(sketch)
  return whole
}
