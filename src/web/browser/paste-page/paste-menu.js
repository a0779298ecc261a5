import { BASE } from '../common/base.js'
import { byId, element } from '../common/dom.js'
import { forgetPaste, keptPaste } from '../common/kept-pastes.js'
import { rest } from '../common/rest.js'

/**
 * The menu of a paste's page: QR code, keys, and, for the holder of the edit token, edit and delete.
 * @param {string} slug
 */
export function startMenu(slug) {
  const menu = byId('menu')
  document.getElementById('show-qr')?.addEventListener('click', (/** @type {Event} */ event) => {
    event.preventDefault()
    menu.open = false
    const dialog = byId('qr')
    if (!dialog.querySelector('img'))
      dialog.prepend(
        element('img', { src: `${BASE}/qr/${slug}`, width: 220, height: 220, alt: `QR code of ${location.href}` }),
      )
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
  return {
    /** Closes the menu; false when it was closed. */
    close() {
      const was = menu.open
      menu.open = false
      return was
    },
  }
}
