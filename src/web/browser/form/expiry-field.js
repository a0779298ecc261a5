import { spanWords } from '../../shared/words.js'
import { element, say } from '../common/dom.js'

/**
 * Adds "at a date …" to the list of expiries, with a field for it.
 * @param {{ select: HTMLSelectElement, field: HTMLInputElement, status: HTMLElement, minMs: number, maxMs: number | null }} parts
 * @returns {{ options(): Record<string, string> | null }} the query parameters; null while the date is not valid
 */
export function watchEnds({ select, field, status, minMs, maxMs }) {
  select.append(element('option', { value: 'at' }, 'at a date …'))
  select.addEventListener('change', () => {
    field.hidden = select.value !== 'at'
    say(status, '')
    if (field.hidden) return
    field.min = localMinute(Date.now() + minMs)
    if (maxMs !== null) field.max = localMinute(Date.now() + maxMs)
    field.value ||= localMinute(Date.now() + 7 * 86_400_000)
    field.focus()
    check()
  })
  field.addEventListener('input', check)

  function check() {
    const problem = problemOf(new Date(field.value).getTime() - Date.now())
    say(status, problem, problem ? 'bad' : '')
    if (!problem) say(status, `in ${spanWords(new Date(field.value).getTime() - Date.now())}`)
    return problem === ''
  }

  /** @param {number} span */
  function problemOf(span) {
    if (Number.isNaN(span)) return 'Choose a date and a time.'
    if (span < minMs) return `That is too soon: a paste lives ${spanWords(minMs)} at least.`
    return maxMs !== null && span > maxMs ? `That is too far off: a paste lives ${spanWords(maxMs)} at most.` : ''
  }

  return {
    /** @returns {Record<string, string> | null} */
    options() {
      if (select.value !== 'at') return { expiresIn: select.value }
      return check() ? { expiresAt: new Date(field.value).toISOString() } : null
    },
  }
}

/** @param {number} at @returns {string} as `datetime-local` wants it, in the user's zone */
function localMinute(at) {
  const date = new Date(at)
  return new Date(at - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
