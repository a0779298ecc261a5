import { sizeWords, spanWords } from '../../shared/words.js'

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
