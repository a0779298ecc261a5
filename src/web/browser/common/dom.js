/**
 * The element with this id.
 * @param {string} id
 * @returns {any} of whatever kind the page gave that id; throws when the page has none
 */
export function byId(id) {
  const element = document.getElementById(id)
  if (!element) throw new Error(`no element ${id}`)
  return element
}

/**
 * A new element. Text children become text nodes, so nothing that a user wrote is ever parsed as HTML.
 * @param {string} name
 * @param {Record<string, string | number | boolean | ((event: any) => void)>} attributes a function is a listener
 * @param {...(Node | string)} children
 * @returns {any}
 */
export function element(name, attributes, ...children) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(key, value)
    else if (typeof value === 'boolean') made.toggleAttribute(key, value)
    else made.setAttribute(key, String(value))
  }
  made.append(...children)
  return made
}

/**
 * Writes a sentence beside a field, coloured as good or bad news.
 * @param {HTMLElement} line
 * @param {string} words
 * @param {'good' | 'bad' | ''} mood
 */
export function say(line, words, mood = '') {
  line.textContent = words
  line.classList.toggle('good', mood === 'good')
  line.classList.toggle('bad', mood === 'bad')
}

/** Goes with every request for content of a paste that is on the page already: it is no further view. */
export const FROM_PAGE = { 'x-requested-with': 'page' }
