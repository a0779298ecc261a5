import { copyText, copyWithButton } from './clipboard.js'
import { byId, element } from './dom.js'
import { listenForKeys } from './page.js'
import { rest } from './rest.js'
import { linesFragment, parseLines, watchSelection } from './selection.js'
import { forgetPaste, keptPaste, remember } from './storage.js'

const { slug, counted } = byId('main').dataset
const code = document.getElementById('code')
const root = document.documentElement
const wrap = byId('wrap')
const menu = byId('menu')
const bubble = byId('bubble')
const copy = byId('copy')

// What was revealed has no address of its own: loading it again leads to the truth about the paste.
if (counted !== undefined) history.replaceState(null, '', `/${slug}`)

for (const time of document.querySelectorAll('time')) time.title = new Date(time.dateTime).toLocaleString()

const selection = code && watchSelection(code, placeBubble)
if (code && selection) {
  selection.readAddress()
  code.addEventListener('click', (event) => {
    const link = /** @type {HTMLElement} */ (event.target).closest('.show-all')
    if (!link) return
    event.preventDefault()
    link.closest('.line')?.classList.add('all')
  })
}

const wrapped = () => root.dataset.wrap === 'on' || (!root.dataset.wrap && matchMedia('(max-width: 640px)').matches)
wrap.setAttribute('aria-pressed', String(wrapped()))
wrap.hidden = !code
copy.hidden = !code

function toggleWrap() {
  const wanted = wrapped() ? 'off' : 'on'
  root.dataset.wrap = wanted
  wrap.setAttribute('aria-pressed', String(wanted === 'on'))
  remember('wrap', wanted)
  placeBubble()
}

/** The bytes as they were pasted, not what the page shows of them; unless asking for them would be a reading. */
async function wholeText() {
  if (counted !== undefined) return selection?.whole() ?? ''
  const response = await fetch(`/raw/${slug}`)
  if (!response.ok) throw new Error('the content could not be fetched')
  return response.text()
}

function copyNow() {
  const lines = selection?.text()
  if (lines) void copyLines()
  else void copyWithButton(copy, wholeText())
}

async function copyLines() {
  await copyText(selection?.text() ?? '')
  byId('announce').textContent = 'Lines copied'
  byId('copy-lines').textContent = 'Copied'
  setTimeout(() => {
    byId('copy-lines').textContent = 'Copy lines'
  }, 2000)
}

function placeBubble() {
  const lines = selection?.current() ?? null
  const row = lines && document.getElementById(`L${lines.last}`)
  bubble.hidden = !row
  if (!row || !lines) return
  byId('main').append(bubble)
  bubble.style.top = `${row.offsetTop + row.offsetHeight + 4}px`
  byId('announce').textContent =
    lines.first === lines.last ? `Line ${lines.first} selected` : `Lines ${lines.first} to ${lines.last} selected`
}

wrap.addEventListener('click', toggleWrap)
copy.addEventListener('click', () => copyWithButton(copy, wholeText()))
byId('copy-lines').addEventListener('click', copyLines)
document.getElementById('copy-link')?.addEventListener('click', (/** @type {Event} */ event) => {
  const lines = selection?.current()
  const link = location.origin + location.pathname + (lines ? linesFragment(lines) : '')
  void copyWithButton(/** @type {HTMLElement} */ (event.currentTarget), link)
})

const goTo = byId('go-to')
const goToLines = byId('go-to-lines')
goTo.addEventListener('close', () => {
  const wanted = parseLines(goToLines.value, Number(code?.getElementsByClassName('line').length ?? 1))
  if (wanted) selection?.choose(wanted)
})

document.getElementById('show-qr')?.addEventListener('click', (/** @type {Event} */ event) => {
  event.preventDefault()
  menu.open = false
  const dialog = byId('qr')
  if (!dialog.querySelector('img'))
    dialog.prepend(element('img', { src: `/qr/${slug}`, width: 220, height: 220, alt: `QR code of ${location.href}` }))
  dialog.showModal()
})
byId('keys').addEventListener('click', () => {
  menu.open = false
  byId('shortcuts').showModal()
})
document.addEventListener('click', (event) => {
  if (menu.open && !menu.contains(/** @type {Node} */ (event.target))) menu.open = false
})

const kept = keptPaste(slug)
if (kept) for (const entry of menu.querySelectorAll('.holder')) entry.hidden = false
const remove = document.getElementById('delete')
remove?.addEventListener('click', async () => {
  // Asked for in place: the second press, within some seconds, does it.
  if (remove.dataset.armed !== 'yes') {
    remove.dataset.armed = 'yes'
    remove.textContent = 'Delete for good?'
    setTimeout(() => {
      remove.dataset.armed = ''
      remove.textContent = 'Delete'
    }, 5000)
    return
  }
  try {
    await rest('DELETE', `/pastes/${slug}`, { token: kept?.editToken ?? '' })
    forgetPaste(slug)
    location.reload()
  } catch (error) {
    remove.textContent = /** @type {Error} */ (error).message
  }
})

listenForKeys({
  '?': () => byId('shortcuts').showModal(),
  g: () => {
    if (!code) return
    goToLines.value = ''
    goTo.showModal()
  },
  c: copyNow,
  w: toggleWrap,
  ...(counted === undefined ? { r: () => location.assign(`/raw/${slug}`) } : {}),
  n: () => location.assign('/'),
  'Shift+ArrowDown': () => selection?.extend(1),
  'Shift+ArrowUp': () => selection?.extend(-1),
  Escape: () => {
    if (menu.open) menu.open = false
    else selection?.choose(null)
  },
})
