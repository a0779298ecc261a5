/**
 * What was typed and not posted, kept in this tab's session storage: a reload, Back and a browser that restores its
 * tabs after a crash bring it back; closing the tab forgets it.
 */

const SAVE_AFTER_MS = 300

/**
 * Restores the draft of this address into `form`, then keeps every change of its fields.
 * @param {HTMLFormElement} form its fields need ids; files are not kept
 * @returns {{ isKept(): boolean, forget(): void }} `isKept` is false when the browser could not store the last change
 */
export function keepDraft(form) {
  const key = `draft ${location.pathname}${location.search}`
  let kept = true
  let waiting = 0
  restore(form, read(key))

  function save() {
    clearTimeout(waiting)
    waiting = 0
    const values = valuesOf(form)
    kept = values === null ? remove(key) : write(key, JSON.stringify(values))
  }

  function saveSoon() {
    waiting ||= setTimeout(save, SAVE_AFTER_MS)
  }

  form.addEventListener('input', saveSoon)
  form.addEventListener('change', saveSoon)
  addEventListener('pagehide', () => {
    if (waiting) save()
  })
  return {
    isKept() {
      if (waiting) save()
      return kept
    },
    forget() {
      clearTimeout(waiting)
      waiting = 0
      remove(key)
    },
  }
}

/** @param {HTMLFormElement} form @returns {(HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement)[]} */
function fieldsOf(form) {
  const all = /** @type {HTMLInputElement[]} */ ([...form.elements])
  return all.filter((field) => field.matches('input[id]:not([type=file]), select[id], textarea[id]'))
}

/**
 * What differs in a form from the page as it came, by the ids of its fields.
 * @param {HTMLFormElement} form
 * @returns {Record<string, string | boolean> | null} null when nothing does
 */
export function valuesOf(form) {
  /** @type {Record<string, string | boolean>} */
  const values = {}
  for (const field of fieldsOf(form)) {
    if (field instanceof HTMLInputElement && field.type === 'checkbox') {
      if (field.checked !== field.defaultChecked) values[field.id] = field.checked
    } else if (field.value !== defaultOf(field)) values[field.id] = field.value
  }
  return Object.keys(values).length > 0 ? values : null
}

/** @param {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} field */
function defaultOf(field) {
  if (!(field instanceof HTMLSelectElement)) return field.defaultValue
  return ([...field.options].find((option) => option.defaultSelected) ?? field.options[0])?.value
}

/**
 * Fills fields as if somebody had typed and chosen.
 * @param {HTMLFormElement} form
 * @param {Record<string, unknown>} values by id, as `valuesOf` gives them
 */
export function restore(form, values) {
  for (const field of fieldsOf(form)) {
    const value = values[field.id]
    if (typeof value === 'boolean' && field instanceof HTMLInputElement) field.checked = value
    else if (typeof value === 'string') field.value = value
    else continue
    field.closest('details')?.setAttribute('open', '')
    field.dispatchEvent(new Event(field instanceof HTMLTextAreaElement ? 'input' : 'change', { bubbles: true }))
  }
}

/** @param {string} key @returns {Record<string, unknown>} */
function read(key) {
  try {
    const values = JSON.parse(sessionStorage.getItem(key) ?? '{}')
    return values instanceof Object ? values : {}
  } catch {
    return {}
  }
}

/** @param {string} key @param {string} text */
function write(key, text) {
  try {
    sessionStorage.setItem(key, text)
    return true
  } catch {
    // Forbidden, or the text is larger than the browser's share.
    return false
  }
}

/** @param {string} key */
function remove(key) {
  try {
    sessionStorage.removeItem(key)
  } catch {
    // Nothing can have been kept.
  }
  return true
}
