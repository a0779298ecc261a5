import { BASE } from '../common/base.js'
import { byId, FROM_PAGE } from '../common/dom.js'
import { Refused, rest } from '../common/rest.js'
import { takeTabs } from '../common/tab-key.js'

const dialog = byId('edit')
const area = byId('content')
const note = byId('content-note')
const problem = byId('edit-problem')
const theirs = byId('theirs')
const MOST_BYTES = 1024 * 1024

takeTabs(area)

/**
 * Opens the dialog on a paste as it is now and saves what was changed. Content that another page changed meanwhile is
 * shown beside one's own, and replaced only by a second Save.
 * @param {import('../common/kept-pastes.js').KeptPaste} kept
 * @returns {Promise<Partial<import('../common/kept-pastes.js').KeptPaste> | null>} what to keep of it, null when cancelled;
 *   rejects with Refused when the paste can't be read
 */
export async function openEditor(kept) {
  const { slug, editToken: token } = kept
  const paste = await rest('GET', `/pastes/${slug}`)
  let { text, etag, why } = await readContent(paste)
  const before = { title: paste.title ?? '', language: paste.language ?? '', visibility: paste.visibility }
  for (const [field, value] of Object.entries(before)) byId(field).value = value
  byId('ends').value = ''
  area.value = text ?? ''
  area.hidden = text === null
  note.hidden = text !== null
  note.textContent = why
  theirs.hidden = true
  problem.textContent = ''
  dialog.showModal()
  area.setSelectionRange(0, 0)
  area.scrollTop = 0

  const isChanged = () => (text !== null && area.value !== text) || Object.keys(changes(before)).length > 0

  async function save() {
    let latest = paste
    if (text !== null && area.value !== text)
      latest = await rest('PUT', `/pastes/${slug}/content`, { token, text: area.value, ifMatch: etag })
    // From here on only the rest is left to save, should it fail.
    text = text === null ? null : area.value
    const change = changes(before)
    if (Object.keys(change).length > 0) latest = await rest('PATCH', `/pastes/${slug}`, { token, json: change })
    return latest
  }

  async function showTheirs() {
    const now = await rest('GET', `/pastes/${slug}`)
    const content = await readContent(now)
    etag = content.etag
    byId('theirs-text').value = content.text ?? content.why
    theirs.hidden = false
    const at = new Date(now.updatedAt ?? now.createdAt).toLocaleTimeString([], { timeStyle: 'short' })
    problem.textContent = `Its content was changed elsewhere at ${at}. Both texts are here; Save puts yours in its place.`
  }

  return new Promise((resolve) => {
    let warned = false
    const finish = (/** @type {Partial<import('../common/kept-pastes.js').KeptPaste> | null} */ result) => {
      byId('edit-form').onsubmit = null
      dialog.close()
      resolve(result)
    }
    const cancel = (/** @type {Event} */ event) => {
      event.preventDefault()
      if (warned || !isChanged()) return finish(null)
      warned = true
      problem.textContent = 'Your changes are not saved. Once more discards them.'
    }
    byId('edit-cancel').onclick = cancel
    dialog.oncancel = cancel
    // Chromium closes a dialog at the second Esc without asking its page.
    dialog.onkeydown = (/** @type {KeyboardEvent} */ event) => {
      if (event.key === 'Escape') cancel(event)
    }
    byId('edit-form').onsubmit = async (/** @type {Event} */ event) => {
      event.preventDefault()
      try {
        const { title, size, expiresAt } = await save()
        finish({ name: title || kept.name, size, expiresAt })
      } catch (/** @type {any} */ error) {
        problem.textContent = error.message
        if (error.status === 412) await showTheirs().catch(() => {})
      }
    }
  })
}

/**
 * The content of a paste for editing, with its entity tag; or, with `text` null, why it can't be edited here.
 * @param {any} paste
 * @returns {Promise<{ text: string | null, etag: string | null, why: string }>}
 */
async function readContent(paste) {
  if (paste.maxViews !== null)
    return none('Its content is not shown here: that would use up a reading. The rest can be changed.')
  if (paste.size > MOST_BYTES) return none('Only text up to 1 MiB can be edited here; the rest can.')
  const response = await fetch(`${BASE}/api/v1/pastes/${paste.slug}/content`, { cache: 'no-store', headers: FROM_PAGE })
  if (!response.ok) throw new Refused(await response.json().catch(() => ({ status: response.status })))
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await response.arrayBuffer())
    // A text area can't hold these: editing would change untouched lines.
    if (text.includes('\r'))
      return none('Its lines end as on Windows (CR LF), which an edit here would change. The rest can be changed.')
    if (text.includes('\0'))
      return none('It holds NUL characters, which an edit here would lose. The rest can be changed.')
    return { text, etag: response.headers.get('etag'), why: '' }
  } catch {
    return none('It is not text in UTF-8. The rest can be changed.')
  }
}

/** @param {string} why */
function none(why) {
  return { text: null, etag: null, why }
}

/** @param {Record<string, string>} before */
function changes(before) {
  /** @type {Record<string, string | null>} */
  const change = {}
  for (const [field, value] of Object.entries(before)) {
    const now = byId(field).value
    if (now !== value) change[field] = now === '' ? null : now
  }
  if (byId('ends').value !== '') change.expiresIn = byId('ends').value
  return change
}
