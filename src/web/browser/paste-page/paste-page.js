import { countWords } from '../../shared/words.js'
import { BASE } from '../common/base.js'
import { copyText, copyWithButton } from '../common/clipboard.js'
import { byId } from '../common/dom.js'
import { remember } from '../common/kept-pastes.js'
import { listenForKeys } from '../common/page.js'
import { startMenu } from './paste-menu.js'
import { linesFragment, parseLines, watchSelection } from './selection.js'

/** @import { View } from './selection.js' */

/**
 * What every paste's page can do: selecting and copying lines, wrapping, its menu, its keys.
 * @param {View | null} view null for what is no text
 * @param {Record<string, (event: KeyboardEvent) => void>} keys more keys, which win over the common ones
 */
export function startPage(view, keys = {}) {
  const { slug = '', counted } = byId('main').dataset
  const root = document.documentElement
  const wrap = byId('wrap')
  const bubble = byId('bubble')
  const copy = byId('copy')
  const menu = startMenu(slug)

  // What was revealed has no address of its own: loading it again leads to the truth about the paste.
  if (counted !== undefined) history.replaceState(null, '', `${BASE}/${slug}`)
  for (const time of document.querySelectorAll('time')) time.title = new Date(time.dateTime).toLocaleString()

  const selection = view && watchSelection(view, placeBubble)
  selection?.readAddress()

  wrap.setAttribute('aria-pressed', String(wrapped()))
  wrap.hidden = !view
  copy.hidden = !view

  function toggleWrap() {
    const wanted = wrapped() ? 'off' : 'on'
    root.dataset.wrap = wanted
    wrap.setAttribute('aria-pressed', String(wanted === 'on'))
    remember('wrap', wanted)
    view?.rewrap()
    placeBubble()
  }

  /** Closes the menu, else lets go of the selected lines. */
  function leave() {
    showNote('')
    if (!menu.close()) selection?.choose(null)
  }

  function copyNow() {
    if (selection?.current()) void copyLines()
    else copyWhole()
  }

  function copyWhole() {
    if (view) void copyWithButton(copy, said(view.whole()))
  }

  async function copyLines() {
    const lines = selection?.current()
    if (!view || !lines) return
    const button = byId('copy-lines')
    try {
      await copyText(said(view.text(lines)))
      say(`${countWords(lines.last - lines.first + 1, 'line')} copied`)
      button.textContent = 'Copied'
    } catch {
      button.textContent = 'Not copied'
    }
    setTimeout(() => {
      button.textContent = 'Copy lines'
    }, 2000)
  }

  function placeBubble() {
    const lines = selection?.current() ?? null
    bubble.hidden = !lines
    if (!lines || !view) return
    byId('main').append(bubble)
    view.place(bubble, lines)
    say(lines.first === lines.last ? `Line ${lines.first} selected` : `Lines ${lines.first} to ${lines.last} selected`)
  }

  wrap.addEventListener('click', toggleWrap)
  copy.addEventListener('click', copyWhole)
  byId('copy-lines').addEventListener('click', copyLines)
  document.getElementById('copy-link')?.addEventListener('click', (/** @type {Event} */ event) => {
    const lines = selection?.current()
    const link = location.origin + location.pathname + (lines ? linesFragment(lines) : '')
    void copyWithButton(/** @type {HTMLElement} */ (event.currentTarget), link)
  })

  const goTo = byId('go-to')
  const goToLines = byId('go-to-lines')
  goTo.addEventListener('close', () => {
    const wanted = parseLines(goToLines.value, view?.count ?? 1)
    if (wanted) selection?.choose(wanted)
  })

  listenForKeys({
    '?': () => byId('shortcuts').showModal(),
    g: () => {
      if (!view) return
      goToLines.value = ''
      goTo.showModal()
    },
    c: copyNow,
    w: toggleWrap,
    ...(counted === undefined ? { r: () => location.assign(`${BASE}/raw/${slug}`) } : {}),
    p: () => location.assign('/'),
    'Shift+ArrowDown': () => selection?.extend(1),
    'Shift+ArrowUp': () => selection?.extend(-1),
    Escape: leave,
    ...keys,
  })
  return { selection, copyNow, leave }
}

/** Whether long lines are wrapped now: as chosen on this device, else on narrow screens. */
export function wrapped() {
  const { wrap } = document.documentElement.dataset
  return wrap === 'on' || (!wrap && matchMedia('(max-width: 640px)').matches)
}

/**
 * Tells who can't see it what happened.
 * @param {string} words
 */
export function say(words) {
  byId('announce').textContent = words
}

/**
 * Shows a sentence above the line under a large paste; on pages without that line, nowhere.
 * @param {string} words empty: nothing is shown
 */
export function showNote(words) {
  const note = document.getElementById('note')
  if (!note) return
  note.textContent = words
  note.hidden = words === ''
}

/**
 * The same text; should it not come, the reason is said first.
 * @param {Promise<string>} text
 */
function said(text) {
  showNote('')
  return text.catch((error) => {
    showNote(error.message)
    throw error
  })
}
