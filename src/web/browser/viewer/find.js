import { countWords, numberWords } from '../../shared/words.js'
import { byId } from '../common/dom.js'
import { indexAfter, search } from './search.js'

/** @import { Found } from './search.js' */

const TYPING_MS = 200

/**
 * The field that finds text in all lines.
 * @param {object} parts
 * @param {{ slug: string, charset?: string | undefined }} parts.paste
 * @param {() => number} parts.topLine the line at the upper edge, where the first search begins
 * @param {(found: Found | null, what: { text: string, matchCase: boolean }) => void} parts.found
 * @param {(line: number) => void} parts.goTo
 * @param {() => void} parts.leave puts the focus back on the lines
 */
export function startFind({ paste, topLine, found, goTo, leave }) {
  const field = byId('find-text')
  const switchCase = byId('find-case')
  const status = byId('find-count')
  const moves = byId('find-moves')
  /** @type {Found | null} */
  let result = null
  /** @type {AbortController | undefined} */
  let running
  let asked = ''
  let current = 0
  let typing = 0

  const matchCase = () => switchCase.getAttribute('aria-pressed') === 'true'

  async function run() {
    clearTimeout(typing)
    const text = field.value
    running?.abort()
    running = undefined
    asked = `${matchCase()} ${text}`
    if (text === '') return settle(null, '')
    const mine = new AbortController()
    running = mine
    status.textContent = 'Searching'
    try {
      const answer = await search(paste, text, matchCase(), mine.signal)
      settle(answer, '')
      if (answer.lines.length > 0) jump(nearest(answer.lines))
    } catch (error) {
      if (!mine.signal.aborted) settle(null, /** @type {Error} */ (error).message)
    }
  }

  /** The first hit from the upper edge on, else the first of all. @param {number[]} lines at least one */
  function nearest(lines) {
    return at(lines, indexAfter(lines, topLine() - 1))
  }

  /** One of the hits; past the last one it continues with the first. @param {number[]} lines @param {number} index */
  function at(lines, index) {
    return /** @type {number} */ (lines[(index + lines.length) % lines.length])
  }

  /** @param {Found | null} answer @param {string} problem */
  function settle(answer, problem) {
    result = answer
    current = 0
    moves.hidden = !answer || answer.lines.length === 0
    found(answer, { text: field.value, matchCase: matchCase() })
    if (answer) tell()
    else status.textContent = problem
  }

  function tell() {
    if (!result) return
    const { lines, searched, stopped } = result
    const many = numberWords(lines.length)
    const short = stopped === null ? '' : stopped === 'limit' ? 'more than ' : 'at least '
    const where = stopped === null ? '' : `, up to line ${numberWords(searched)}`
    if (lines.length === 0) status.textContent = stopped === null ? 'Not found' : `Not found${where}`
    else if (current === 0) status.textContent = `In ${short}${countWords(lines.length, 'line')}`
    else status.textContent = `${numberWords(indexAfter(lines, current))} of ${short}${many}${where}`
  }

  /** @param {number} line */
  function jump(line) {
    current = line
    tell()
    goTo(line)
  }

  /** @param {1 | -1} step */
  function move(step) {
    if (!result || result.lines.length === 0) return
    const { lines } = result
    const from = current === 0 ? topLine() : current
    jump(at(lines, step > 0 ? indexAfter(lines, from) : indexAfter(lines, from - 1) - 1))
  }

  function close() {
    field.value = ''
    void run()
    leave()
  }

  field.addEventListener('input', () => {
    clearTimeout(typing)
    typing = setTimeout(run, TYPING_MS)
  })
  field.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
    // As in less and vim: the keys for the next hit are typed outside of the field, and leaving it keeps the hits.
    if (event.key === 'Escape') {
      // The browser would empty the field.
      event.preventDefault()
      leave()
    }
    if (event.key === 'Enter' && !event.isComposing) {
      event.preventDefault()
      if (asked !== `${matchCase()} ${field.value}`) void run()
      else move(event.shiftKey ? -1 : 1)
      leave()
    }
  })
  switchCase.addEventListener('click', () => {
    switchCase.setAttribute('aria-pressed', String(!matchCase()))
    if (field.value !== '') void run()
  })
  byId('find').addEventListener('submit', (/** @type {Event} */ event) => event.preventDefault())
  byId('find-previous').addEventListener('click', () => move(-1))
  byId('find-next').addEventListener('click', () => move(1))

  return {
    open() {
      field.focus()
      field.select()
    },
    move,
    /** Ends the search; false when there was none. */
    end() {
      if (field.value === '') return false
      close()
      return true
    },
  }
}
