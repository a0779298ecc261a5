import { setImmediate as nextTurn } from 'node:timers/promises'
import { AppError, createSemaphore } from '../../core/index.ts'
import { charsetOf } from '../charset/index.ts'
import type { StoredContent } from '../format/index.ts'
import type { FrameSource } from '../frames/index.ts'
import { createNeedle, foldsLetters } from './needle.ts'
import { decoded, framesOf } from './pieces.ts'
import { createLineScanner } from './scan.ts'
import { createCollector, createPrinter, type Stopped } from './sinks.ts'

/** A search in a content. */
export type Search = {
  /** 1 to 1,000 bytes of UTF-8, no `\n`. */
  needle: Buffer
  /** The charset to read the content in; undefined: the one it was found to have. */
  charset?: string | undefined
  /** Whether letters match in either case, see `needle.ts`. */
  ignoreCase: boolean
  /** Lines shown around each match, 0 to 50; without a meaning for numbers. */
  context: number
  /** Most matching lines, from 1. */
  limit: number
  /** `text`: lines as `grep -n` prints them; `numbers`: only the numbers of the lines. */
  give: 'text' | 'numbers'
}

/** What was found. */
export type SearchResult = {
  /** Matching lines given. */
  matches: number
  /** Numbers of the matching lines, ascending; only where they were asked for. */
  numbers: number[]
  /** The printed lines, each with its `\n`; about 2 MiB at most. */
  text: Buffer
  /** Lines looked at, from the first: all of them unless the search was stopped. */
  searchedLines: number
  /** Why lines were left out; undefined when none were. `limit` and `size` mean that there is a further match. */
  stopped?: Stopped
}

/** Searches a content; `now` and `signal` bound how long. */
export type Grep = (
  stored: StoredContent,
  search: Search,
  bounds: { now(): number; signal?: AbortSignal },
) => Promise<SearchResult>

const MOST_OUTPUT_BYTES = 2 * 1024 * 1024
const MOST_MS = 10_000
// Yields to other work after so long; a slice takes 10 µs, or some 5 ms when every line of it is shown.
const HOLD_MS = 5
const SLICE_BYTES = 32 * 1024
const TURNS = { permits: 2, queueLength: 16, patienceMs: 5_000, refusal: busy }

/**
 * A search for literal text, line by line. It decodes frame after frame, two ahead in the thread pool, holds no more of
 * them, and ends by itself after 10 s or some 2 MiB of output. Two run at once; others wait up to 5 s, then get
 * `overloaded`. The signal ends it between two slices of 32 KiB.
 */
export function createGrep(open: (content: StoredContent) => FrameSource): Grep {
  const turns = createSemaphore(TURNS)
  return (stored, search, bounds) => turns.run(() => run(open(stored), stored, search, bounds), bounds.signal)
}

function busy(): AppError {
  return new AppError('overloaded', { detail: 'Many searches are under way. Try again in a moment.' })
}

async function run(
  source: FrameSource,
  stored: StoredContent,
  search: Search,
  { now, signal }: Parameters<Grep>[2],
): Promise<SearchResult> {
  const collector = createCollector(search.limit)
  const printer = createPrinter({ ...search, mostBytes: MOST_OUTPUT_BYTES })
  const sink = search.give === 'text' ? printer : collector
  const scanner = createLineScanner(createNeedle(search.needle, search.ignoreCase, SLICE_BYTES), sink)
  const result = (searchedLines: number, stopped?: Stopped): SearchResult => ({
    matches: sink.found.matches,
    numbers: collector.numbers,
    text: printer.output(),
    searchedLines,
    ...(stopped && { stopped }),
  })
  const startedAt = now()
  let heldSince = startedAt
  for await (const { content, firstLine } of piecesOf(source, stored, search, signal)) {
    if (now() - startedAt > MOST_MS) return result(firstLine - 1, 'time')
    scanner.frame(content, firstLine)
    for (let from = 0; from < content.length; from += SLICE_BYTES) {
      if (now() - heldSince >= HOLD_MS) {
        await nextTurn()
        heldSince = now()
      }
      signal?.throwIfAborted()
      if (!scanner.push(from, Math.min(from + SLICE_BYTES, content.length))) break
    }
    if (sink.found.enough) break
  }
  if (!sink.found.enough) scanner.finish()
  const { enough } = sink.found
  return enough ? result(enough.line - 1, enough.why) : result(stored.lines)
}

/** UTF-8 is searched as it is stored, unless letters are folded: these must not be cut in two. */
function piecesOf(source: FrameSource, stored: StoredContent, search: Search, signal: AbortSignal | undefined) {
  const frames = framesOf(source, signal)
  const charset = search.charset ?? charsetOf(stored)
  const asStored = charset === undefined || (charset === 'utf-8' && stored.utf8 && !foldsLetters(search))
  return asStored ? frames : decoded(frames, charset, SLICE_BYTES)
}
