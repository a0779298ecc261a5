import { endsWords, readingsWords, sizeWords } from '../../shared/words.js'
import { BASE } from '../common/base.js'
import { copyWithButton } from '../common/clipboard.js'
import { element } from '../common/dom.js'

/**
 * Shows what was made in the place of the form: the address, when it ends, and where the edit token is.
 * @param {HTMLElement} section
 * @param {{ paste: any, name: string, kept: boolean }[]} results as REST answered them, first posted first
 */
export function showResults(section, results) {
  const many = results.length > 1
  const title = element('h1', { id: 'result-title' }, many ? `Posted ${results.length} pastes` : 'Posted')
  section.replaceChildren(title, ...results.map((result) => item(result, many)))
  section.append(element('div', { class: 'row' }, element('a', { class: 'button', href: '/' }, 'New paste')))
  section.hidden = false
  const address = /** @type {HTMLInputElement} */ (section.querySelector('.address-field'))
  address.focus()
  address.select()
}

/** @param {{ paste: any, name: string, kept: boolean }} result @param {boolean} many */
function item({ paste, name, kept }, many) {
  const address = element('input', {
    class: 'address-field',
    readonly: true,
    value: paste.url,
    'aria-label': 'Address',
  })
  address.addEventListener('focus', () => address.select())
  const copy = element(
    'button',
    { type: 'button', class: 'primary' },
    element('span', { 'aria-live': 'polite' }, 'Copy'),
  )
  copy.addEventListener('click', () => copyWithButton(copy, paste.url))
  const qr = element('img', { class: 'qr', width: 164, height: 164, alt: `QR code of ${paste.url}`, hidden: true })
  const showQr = element('button', { type: 'button', 'aria-expanded': 'false' }, 'QR')
  showQr.addEventListener('click', () => {
    qr.src = `${BASE}/qr/${paste.slug}`
    qr.hidden = !qr.hidden
    showQr.setAttribute('aria-expanded', String(!qr.hidden))
  })
  const ends = endsWords(paste.expiresAt === null ? null : Date.parse(paste.expiresAt), Date.now())
  const when = element('p', { class: 'muted' }, `${many && name ? `${name}, ` : ''}${sizeWords(paste.size)}; it `)
  when.append(
    paste.expiresAt === null
      ? ends
      : element('time', { datetime: paste.expiresAt, title: new Date(paste.expiresAt).toLocaleString() }, ends),
    '. ',
  )
  if (kept) when.append('To change or delete it: ', element('a', { href: `${BASE}/mine` }, 'My pastes'), '.')
  else
    when.append(
      'This browser keeps nothing, so note the edit token: ',
      element('code', { class: 'token' }, paste.editToken),
    )
  // Whoever posted what can be read once wants to send it, not to open it.
  const counted = paste.maxViews !== null
  const open = element('a', { class: 'button', href: paste.url }, 'Open')
  const row = element('div', { class: 'row' }, copy, ...(counted ? [] : [open]), showQr)
  const notice = counted ? [element('p', { class: 'notice' }, readingsWords(paste.maxViews))] : []
  return element('div', { class: 'result-item' }, address, row, qr, ...notice, when)
}
