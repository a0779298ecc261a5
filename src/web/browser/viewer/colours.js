import { BASE } from '../common/base.js'

/** @import { Colours } from './row.js' */
/** @import { Line } from './line-parser.js' */

const MOST_CHARACTERS = 256 * 1024
const MOST_WINDOWS = 24
// A grammar that needs longer for a window is of no help.
const DEADLINE_MS = 3_000

/**
 * Colours windows of lines in a worker. Each window is read as if the text began there: what was opened before (a
 * comment, a string) is not known.
 * @param {{ worker: string, grammars: string[] } | null} files null: nothing is coloured
 * @param {(first: number) => Line[] | undefined} wholeWindow the lines of a window, once all are there
 * @param {(first: number, last: number) => void} arrived called with the lines that have colours now
 */
export function createColours(files, wholeWindow, arrived) {
  /** @type {Map<number, Colours[]>} by the window's first line */
  const known = new Map()
  /** @type {number[]} */
  let wanted = []
  /** @type {Worker | undefined} */
  let worker
  let running = 0
  let deadline = 0
  let over = files === null

  function next() {
    if (over || running !== 0) return
    const first = wanted.find((start) => !known.has(start) && wholeWindow(start))
    if (first === undefined) return
    const text = (wholeWindow(first) ?? []).map((line) => line.text).join('\n')
    if (text.length > MOST_CHARACTERS) {
      known.set(first, [])
      return next()
    }
    worker ??= start()
    running = first
    deadline = setTimeout(stop, DEADLINE_MS)
    worker.postMessage({ id: first, text, paths: files?.grammars })
  }

  /** @returns {Worker} */
  function start() {
    const made = new Worker(trusted(files?.worker ?? ''), { type: 'module' })
    made.addEventListener('message', ({ data: { id, lines } }) => {
      clearTimeout(deadline)
      running = 0
      known.set(id, lines)
      for (const old of known.keys()) {
        if (known.size <= MOST_WINDOWS) break
        if (!wanted.includes(old)) known.delete(old)
      }
      arrived(id, id + lines.length - 1)
      next()
    })
    made.addEventListener('error', stop)
    return made
  }

  function stop() {
    clearTimeout(deadline)
    over = true
    worker?.terminate()
  }

  return {
    /** @param {number} windowFirst the first line of its window @param {number} line @returns {Colours | undefined} */
    of: (windowFirst, line) => known.get(windowFirst)?.[line - windowFirst],
    /** @param {number[]} windows first lines of those that are seen */
    want(windows) {
      wanted = windows
      next()
    },
  }
}

/**
 * The address of our own worker, in the form that the page's policy asks for.
 * @param {string} path
 * @returns {any}
 */
function trusted(path) {
  const types = /** @type {any} */ (globalThis).trustedTypes
  const check = (/** @type {string} */ url) => {
    if (url.startsWith(`${BASE}/`) && /^\/assets\/[\w.-]+$/.test(url.slice(BASE.length))) return url
    throw new TypeError('not a file of this site')
  }
  return types ? types.createPolicy('colour-worker', { createScriptURL: check }).createScriptURL(path) : check(path)
}
