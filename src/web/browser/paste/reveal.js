import { byId } from '../common/dom.js'
import '../common/page.js'

const form = byId('reveal')
let sent = false

form.addEventListener('submit', (/** @type {Event} */ event) => {
  // A browser that sends the form again on a double click would show the second answer: "this is gone".
  if (sent) return event.preventDefault()
  sent = true
  byId('open').disabled = true
  byId('open-status').textContent = form.dataset.saved ?? ''
})
// The way back leads to this page as it was left; the server knows what is true by now.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) location.reload()
})
