import { byId, FROM_PAGE } from '../common/dom.js'
import { Refused, rest } from '../common/rest.js'
import { takeTabs } from '../common/tab-key.js'

const dialog = byId('edit')
const area = byId('content')
const note = byId('content-note')
const problem = byId('edit-problem')
const MOST_BYTES = 1024 * 1024

takeTabs(area)

/**
 * Opens the dialog on a paste as it is now and saves what was changed.
 * @param {import('../common/kept-pastes.js').KeptPaste} kept
 * @returns {Promise<Partial<import('../common/kept-pastes.js').KeptPaste> | null>} what to keep of it, null when cancelled;
 *   rejects with Refused when the paste can't be read
 */
export async function openEditor(kept) {
  const { slug, editToken: token } = kept
  const paste = await rest('GET', `/pastes/${slug}`)
  const text = await readText(paste)
  const before = { title: paste.title ?? '', language: paste.language ?? '', visibility: paste.visibility }
  for (const [field, value] of Object.entries(before)) byId(field).value = value
  byId('ends').value = ''
  area.value = text ?? ''
  area.hidden = text === null
  note.hidden = text !== null
  note.textContent = paste.maxViews
    ? 'Its content is not shown here: that would use up a reading. The rest can be changed.'
    : 'Only text up to 1 MiB can be edited here; the rest can.'
  problem.textContent = ''
  dialog.showModal()
  area.setSelectionRange(0, 0)
  area.scrollTop = 0
  return new Promise((resolve) => {
    const finish = (/** @type {Partial<import('../common/kept-pastes.js').KeptPaste> | null} */ result) => {
      byId('edit-form').onsubmit = null
      dialog.close()
      resolve(result)
    }
    byId('edit-cancel').onclick = () => finish(null)
    dialog.oncancel = () => finish(null)
    byId('edit-form').onsubmit = async (/** @type {Event} */ event) => {
      event.preventDefault()
      try {
        let latest = paste
        if (text !== null && area.value !== text)
          latest = await rest('PUT', `/pastes/${slug}/content`, { token, text: area.value })
        const change = changes(before)
        if (Object.keys(change).length > 0) latest = await rest('PATCH', `/pastes/${slug}`, { token, json: change })
        const { title, size, expiresAt } = latest
        finish({ name: title || kept.name, size, expiresAt })
      } catch (error) {
        problem.textContent = /** @type {Error} */ (error).message
      }
    }
  })
}

/** @param {any} paste @returns {Promise<string | null>} null when it is too large, not text, or to be read by others */
async function readText(paste) {
  if (paste.size > MOST_BYTES || paste.maxViews !== null) return null
  const response = await fetch(`/api/v1/pastes/${paste.slug}/content`, { cache: 'no-store', headers: FROM_PAGE })
  if (!response.ok) throw new Refused(await response.json().catch(() => ({ status: response.status })))
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await response.arrayBuffer())
    // A text area can't hold CR LF or NUL: editing would change untouched lines.
    return /[\r\0]/.test(text) ? null : text
  } catch {
    return null
  }
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
