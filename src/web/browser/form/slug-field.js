import { element, say } from '../common/dom.js'
import { rest } from '../common/rest.js'

const WAIT_MS = 150

/**
 * Answers under the name's field, as one types: free, taken (with a name to take instead), not valid, reserved.
 * @param {HTMLInputElement} input
 * @param {HTMLElement} status
 */
export function watchName(input, status) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  let asked = new AbortController()

  input.addEventListener('input', () => {
    clearTimeout(timer)
    asked.abort()
    input.removeAttribute('aria-invalid')
    if (input.value === '') return say(status, '')
    timer = setTimeout(check, WAIT_MS)
  })

  async function check() {
    const slug = input.value
    if (input.validity.patternMismatch) return refuse(shapeWords(slug), '')
    asked = new AbortController()
    try {
      const answer = await rest('GET', `/slugs/${slug}`, { signal: asked.signal })
      if (slug !== input.value) return
      if (answer.status === 'free') return say(status, '✓ free', 'good')
      const words = answer.status === 'reserved' ? 'This name is used by the service itself.' : 'This name is taken.'
      refuse(answer.status === 'invalid' ? shapeWords(slug) : words, answer.suggestion ?? '')
    } catch {
      // The check is a courtesy: when it fails, posting still tells.
      if (slug === input.value) say(status, '')
    }
  }

  /**
   * @param {string} words
   * @param {string} suggestion
   */
  function refuse(words, suggestion) {
    input.setAttribute('aria-invalid', 'true')
    say(status, suggestion ? `${words} Try ` : words, 'bad')
    if (!suggestion) return
    const take = () => {
      input.value = suggestion
      input.removeAttribute('aria-invalid')
      say(status, '✓ free', 'good')
      input.focus()
    }
    status.append(element('button', { type: 'button', class: 'quiet suggestion', click: take }, suggestion))
  }

  return { check }
}

/** @param {string} slug */
function shapeWords(slug) {
  if (slug.length < 3) return 'A name has at least 3 characters.'
  const odd = /[^A-Za-z0-9_-]/.exec(slug)?.[0]
  if (odd !== undefined) return odd === ' ' ? 'A name has no spaces. Use - instead.' : `A name can't hold "${odd}".`
  return slug.length > 64 ? 'A name has at most 64 characters.' : 'A name begins and ends with a letter or digit.'
}
