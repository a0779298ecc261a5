import { remember } from './kept-pastes.js'

const KEYS = 'single-keys'
const root = document.documentElement
const systemDark = matchMedia('(prefers-color-scheme: dark)')

function toggleTheme() {
  const dark = root.dataset.theme ? root.dataset.theme === 'dark' : systemDark.matches
  const wanted = dark ? 'light' : 'dark'
  // Choosing the system's own colours means following the system again.
  const follows = (wanted === 'dark') === systemDark.matches
  if (follows) delete root.dataset.theme
  else root.dataset.theme = wanted
  remember('theme', follows ? null : wanted)
}

for (const button of document.querySelectorAll('[data-theme-switch]')) button.addEventListener('click', toggleTheme)

const keySwitch = /** @type {HTMLInputElement | null} */ (document.getElementById('single-keys'))
if (keySwitch) {
  keySwitch.checked = !singleKeysOff()
  keySwitch.addEventListener('change', () => remember(KEYS, keySwitch.checked ? null : 'off'))
}

/** Whether keys that print a character are left to speech input and the like (WCAG 2.2, 2.1.4). */
function singleKeysOff() {
  try {
    return localStorage.getItem(KEYS) === 'off'
  } catch {
    return false
  }
}

/**
 * Calls for single keys that are typed outside of fields, dialogs and buttons' own keys.
 * @param {Record<string, (event: KeyboardEvent) => void>} keys by `KeyboardEvent.key`; Shift prefixes `Shift+`
 */
export function listenForKeys(keys) {
  document.addEventListener('keydown', (event) => {
    const target = /** @type {HTMLElement} */ (event.target)
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    if (target.closest('input, textarea, select, dialog')) return
    if ((event.key === ' ' || event.key === 'Enter') && target.closest('button, summary, a')) return
    if (event.key.length === 1 && event.key !== ' ' && singleKeysOff()) return
    const name = event.shiftKey && event.key.length > 1 ? `Shift+${event.key}` : event.key
    const act = keys[name]
    if (!act) return
    event.preventDefault()
    act(event)
  })
}
