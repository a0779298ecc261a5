import { NO_ANSWER, Refused } from '../common/rest.js'

/**
 * An answer of the server, or status 0 where none came; `json` is an empty object where there is none.
 * @typedef {{ status: number, offset: number, json: any, retryAfterMs: number, header(name: string): string }} Answer
 */

/**
 * One request of the tus protocol 1.0.0; XMLHttpRequest, because fetch reports no progress. Never rejects for want of an
 * answer, only with an AbortError when `signal` aborts.
 * @param {string} method
 * @param {string} path
 * @param {{ headers?: Record<string, string>, body?: Blob, signal?: AbortSignal, onProgress?: (loaded: number) => void }} [more]
 * @returns {Promise<Answer>}
 */
export function tus(method, path, { headers = {}, body, signal, onProgress } = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const header = (/** @type {string} */ name) => request.getResponseHeader(name) ?? ''
    const answer = () =>
      resolve({
        status: request.status,
        offset: Number(header('upload-offset')),
        json: parse(request.responseText),
        retryAfterMs: Number(header('retry-after')) * 1000,
        header,
      })
    request.open(method, path)
    request.setRequestHeader('tus-resumable', '1.0.0')
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    if (onProgress) request.upload.onprogress = ({ loaded }) => onProgress(loaded)
    request.onload = answer
    request.onerror = answer
    request.onabort = () => reject(new DOMException('cancelled', 'AbortError'))
    if (signal?.aborted) return request.onabort(/** @type {any} */ (undefined))
    signal?.addEventListener('abort', () => request.abort(), { once: true })
    request.send(body ?? null)
  })
}

/**
 * The error for an answer that is not what was hoped for.
 * @param {Answer} answer
 */
export function refusal({ status, json }) {
  return new Refused(status === 0 ? { detail: NO_ANSWER } : { status, ...json })
}

/**
 * Upload-Metadata: keys and their values in base64 of UTF-8.
 * @param {Record<string, string>} values
 */
export function metadata(values) {
  const base64 = (/** @type {string} */ text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)))
  return Object.entries(values)
    .map(([key, value]) => `${key} ${base64(value)}`)
    .join(',')
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
