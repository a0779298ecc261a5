import { BASE } from '../common/base.js'
import { NO_ANSWER, Refused } from '../common/rest.js'

/**
 * An upload's state: bytes sent of all, and the speed of about the last two seconds in bytes a second; `pause` while
 * nothing is sent: the upload continues in a moment, or when the connection is back.
 * @typedef {{ sentBytes: number, totalBytes: number, speed: number, pause?: 'waiting' | 'offline' }} Progress
 */

/** From here on an upload goes in parts, so that it can go on after a broken connection. */
export const IN_PARTS_ABOVE_BYTES = 8 * 1024 * 1024

/**
 * A random key for `Idempotency-Key`. `crypto.randomUUID` is missing where there is no TLS.
 */
export function randomKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/**
 * Makes a function that takes the bytes sent so far and reports the progress.
 * @param {number} totalBytes
 * @param {number} [firstBytes] what had been sent before
 * @returns {(sentBytes: number) => Progress}
 */
export function createMeter(totalBytes, firstBytes = 0) {
  /** @type {{ at: number, bytes: number }[]} */
  const marks = [{ at: performance.now(), bytes: firstBytes }]
  return (sentBytes) => {
    const now = performance.now()
    marks.push({ at: now, bytes: sentBytes })
    while (marks.length > 2 && /** @type {any} */ (marks[0]).at < now - 2000) marks.shift()
    const first = /** @type {{ at: number, bytes: number }} */ (marks[0])
    return { sentBytes, totalBytes, speed: ((sentBytes - first.bytes) * 1000) / Math.max(1, now - first.at) }
  }
}

/**
 * Posts one body as a new paste and tells how it goes; XMLHttpRequest, because fetch reports no progress.
 * Rejects with Refused, or with an AbortError when `signal` aborts.
 * @param {{ options: Record<string, string>, fields: Record<string, string | boolean>, body: Blob, mediaType: string, key: string, signal: AbortSignal,
 *   onProgress: (progress: Progress) => void }} upload
 * @returns {Promise<any>} the created paste as REST gives it
 */
export function uploadPaste({ options, body, mediaType, key, signal, onProgress }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const measure = createMeter(body.size)
    let sentBytes = 0
    request.open('POST', `${BASE}/api/v1/pastes?${new URLSearchParams(options)}`)
    request.setRequestHeader('content-type', mediaType)
    request.setRequestHeader('accept', 'application/json')
    request.setRequestHeader('idempotency-key', key)
    request.responseType = 'json'
    request.upload.onprogress = ({ loaded }) => {
      sentBytes = loaded
      onProgress(measure(loaded))
    }
    request.onload = () => {
      if (request.status === 201) resolve(request.response)
      else reject(new Refused({ status: request.status, ...request.response }))
    }
    request.onerror = () => reject(Object.assign(new Refused({ detail: NO_ANSWER }), { sentBytes }))
    request.onabort = () => reject(new DOMException('cancelled', 'AbortError'))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(body)
  })
}
