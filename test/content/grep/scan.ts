import { countNewlines } from '../../../src/content/format/lines.ts'
import { createNeedle } from '../../../src/content/grep/needle.ts'
import { createLineScanner } from '../../../src/content/grep/scan.ts'
import { createCollector, createPrinter } from '../../../src/content/grep/sinks.ts'

/** A search as a test asks for it. */
export type Asked = { needle: string; ignoreCase: boolean; context: number }

/** Searches bytes cut into frames and slices of these sizes; gives what was printed (latin1) and the lines' numbers. */
export function search(content: Buffer, asked: Asked, frameBytes: number, sliceBytes: number) {
  const printer = createPrinter({ context: asked.context, limit: 10_000, mostBytes: 1_000_000 })
  const collector = createCollector(10_000)
  for (const sink of [printer, collector]) {
    const needle = createNeedle(Buffer.from(asked.needle), asked.ignoreCase, sliceBytes)
    const scanner = createLineScanner(needle, sink)
    for (let at = 0; at < content.length; at += frameBytes) {
      const frame = content.subarray(at, at + frameBytes)
      scanner.frame(frame, countNewlines(content.subarray(0, at)) + 1)
      for (let from = 0; from < frame.length; from += sliceBytes)
        scanner.push(from, Math.min(from + sliceBytes, frame.length))
    }
    scanner.finish()
  }
  return { text: printer.output().toString('latin1'), numbers: collector.numbers }
}
