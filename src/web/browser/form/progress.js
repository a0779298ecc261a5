import { sizeWords, spanWords } from '../../shared/words.js'
import { byId } from '../common/dom.js'

/**
 * Shows how far an upload is.
 * @param {HTMLProgressElement} bar
 * @param {HTMLElement} words
 * @param {import('./single-upload.js').Progress} progress
 */
export function showProgress(bar, words, { sentBytes, totalBytes, speed, pause }) {
  bar.max = totalBytes
  bar.value = Math.min(sentBytes, totalBytes)
  const amount = `${sizeWords(sentBytes)} of ${sizeWords(totalBytes)}`
  if (pause === 'offline') words.textContent = `Stopped at ${amount}. It goes on when the connection is back.`
  else if (pause) words.textContent = `Stopped at ${amount}. It goes on in a moment …`
  else if (sentBytes >= totalBytes) words.textContent = 'Saving …'
  else words.textContent = amount + speedWords(totalBytes - sentBytes, speed)
}

/** @param {number} leftBytes @param {number} speed */
function speedWords(leftBytes, speed) {
  if (!(speed > 0)) return ''
  return ` · ${sizeWords(Math.round(speed))}/s · ${spanWords((leftBytes * 1000) / speed)} left`
}

/** Shows the upload in place of the button, or the button again. @param {boolean} uploading */
export function showUploading(uploading) {
  const [upload, post] = [byId('upload'), byId('post')]
  upload.hidden = !uploading
  // The button disappears: the focus of a keyboard user stays in its place, one Tab before Cancel.
  if (uploading && document.activeElement === post) upload.focus()
  post.hidden = uploading
  byId('content').readOnly = uploading
}
