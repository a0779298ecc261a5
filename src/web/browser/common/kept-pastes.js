/**
 * "My pastes on this device": what this browser has posted, with the edit tokens, newest first.
 * @typedef {{ slug: string, url: string, name: string, size: number, maxViews?: number | null, createdAt: string,
 *   expiresAt: string | null, editToken: string, goneBecause?: string }} KeptPaste `goneBecause` in words, once it is known
 */

const KEY = 'pastes'
// Some 300 bytes each: far below the 5 MiB that browsers allow.
const MOST = 2000

/**
 * @returns {KeptPaste[]}
 */
export function keptPastes() {
  try {
    const list = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(list) ? list.filter((entry) => typeof entry?.slug === 'string') : []
  } catch {
    return []
  }
}

/**
 * @param {string} slug
 */
export function keptPaste(slug) {
  return keptPastes().find((entry) => entry.slug === slug)
}

/**
 * Adds a paste, or replaces what is kept of it.
 * @param {KeptPaste} paste
 * @returns {boolean} false when the browser keeps nothing (storage forbidden or full)
 */
export function keepPaste(paste) {
  const others = keptPastes().filter((entry) => entry.slug !== paste.slug)
  return write([paste, ...others].sort((a, b) => b.createdAt.localeCompare(a.createdAt)).slice(0, MOST))
}

/**
 * @param {string} slug
 */
export function forgetPaste(slug) {
  write(keptPastes().filter((entry) => entry.slug !== slug))
}

/**
 * @param {string} key
 * @param {string | null} value null forgets
 */
export function remember(key, value) {
  try {
    if (value === null) localStorage.removeItem(key)
    else localStorage.setItem(key, value)
  } catch {
    // Storage may be forbidden: the choice then lasts as long as the page.
  }
}

/** @param {KeptPaste[]} list */
function write(list) {
  try {
    localStorage.setItem(KEY, JSON.stringify(list))
    return true
  } catch {
    return false
  }
}
