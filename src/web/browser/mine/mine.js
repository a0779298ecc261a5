import { BASE } from '../common/base.js'
import { byId, element, say } from '../common/dom.js'
import { openEditor } from './mine-edit.js'
import '../common/page.js'
import { agoWords, endsWords, numberWords, sizeWords } from '../../shared/words.js'
import { forgetPaste, keepPaste, keptPastes } from '../common/kept-pastes.js'
import { rest } from '../common/rest.js'

const list = byId('list')
const status = byId('status')
const MOST_ASKED = 50

/** @param {import('../common/kept-pastes.js').KeptPaste} paste */
function row(paste) {
  const endsAt = paste.expiresAt === null ? null : Date.parse(paste.expiresAt)
  const gone = paste.goneBecause !== undefined || (endsAt !== null && endsAt <= Date.now())
  const facts = [
    sizeWords(paste.size),
    agoWords(Date.parse(paste.createdAt), Date.now()),
    paste.goneBecause ?? endsWords(endsAt, Date.now()),
    ...(paste.maxViews ? [paste.maxViews === 1 ? 'read once' : `read ${numberWords(paste.maxViews)} times`] : []),
  ]
  const about = element(
    'div',
    { class: 'about' },
    element('a', { class: 'name', href: `${BASE}/${paste.slug}` }, paste.name || paste.slug),
    element('span', { class: 'muted small' }, `/${paste.slug} · ${facts.join(' · ')}`),
  )
  const actions = element('div', { class: 'row' })
  if (gone) actions.append(button('Forget', () => forget(paste)))
  else
    actions.append(
      element('a', { class: 'button', href: `${BASE}/mine/${paste.slug}` }, 'Views'),
      button('Edit', () => edit(paste)),
      deleteButton(paste),
    )
  return element('li', { class: gone ? 'gone' : '' }, about, actions)
}

/** @param {string} label @param {() => void} act */
function button(label, act) {
  return element('button', { type: 'button', click: act }, label)
}

/** @param {import('../common/kept-pastes.js').KeptPaste} paste */
function deleteButton(paste) {
  let armed = false
  const made = button('Delete', async () => {
    if (!armed) {
      armed = true
      made.textContent = 'For good?'
      setTimeout(() => {
        armed = false
        made.textContent = 'Delete'
      }, 5000)
      return
    }
    try {
      await rest('DELETE', `/pastes/${paste.slug}`, { token: paste.editToken })
      forget(paste, `/${paste.slug} was deleted.`)
    } catch (error) {
      failed(paste, error)
    }
  })
  made.classList.add('danger')
  return made
}

/** @param {import('../common/kept-pastes.js').KeptPaste} paste */
async function edit(paste) {
  try {
    const changed = await openEditor(paste)
    if (!changed) return
    keepPaste({ ...paste, ...changed })
    draw()
    say(status, `/${paste.slug} was saved.`, 'good')
  } catch (error) {
    failed(paste, error)
  }
}

/** @param {import('../common/kept-pastes.js').KeptPaste} paste @param {string} [words] */
function forget(paste, words = '') {
  forgetPaste(paste.slug)
  draw()
  say(status, words)
}

/** @param {import('../common/kept-pastes.js').KeptPaste} paste @param {any} error */
function failed(paste, error) {
  if (error.status === 410 || error.status === 404) markGone(paste, error)
  say(status, error.status === 410 ? `/${paste.slug}: ${error.message}` : error.message, 'bad')
}

const GONE_WORDS = /** @type {Record<string, string>} */ ({
  burned: 'was read',
  deleted: 'was deleted',
  expired: 'has ended',
})

/**
 * Keeps the row until it is forgotten: that a secret was read is what its sender wants to know.
 * @param {import('../common/kept-pastes.js').KeptPaste} paste
 * @param {any} error
 */
function markGone(paste, { code }) {
  keepPaste({ ...paste, goneBecause: GONE_WORDS[code] ?? 'is gone' })
  draw()
}

/** Asks of pastes whose readings are counted whether they were read; no more than a page shows. */
async function lookForReadings() {
  const counted = keptPastes().filter(({ maxViews, goneBecause }) => maxViews && !goneBecause)
  for (const paste of counted.slice(0, MOST_ASKED)) {
    try {
      await rest('GET', `/pastes/${paste.slug}`)
    } catch (/** @type {any} */ error) {
      if (error.status === 410) markGone(paste, error)
    }
  }
}

function draw() {
  const pastes = keptPastes()
  list.replaceChildren(...pastes.map(row))
  byId('empty').hidden = pastes.length > 0
}

draw()
// Another tab may post or delete.
addEventListener('storage', draw)
void lookForReadings()
const wanted = /^#edit=([\w-]+)$/.exec(location.hash)?.[1]
const paste = keptPastes().find(({ slug }) => slug === wanted)
if (paste) {
  history.replaceState(null, '', location.pathname)
  void edit(paste)
}
