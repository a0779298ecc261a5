import { BASE } from '../common/base.js'
import { endUpload, NAME_TRIES, NAME_WAIT_MS } from './end-upload.js'
import { forgetUpload, keepUpload, keptUploads } from './kept-uploads.js'
import { pause } from './pause.js'
import { createMeter } from './single-upload.js'
import { metadata, refusal, tus } from './tus-request.js'

/** @import { Upload } from './kept-uploads.js' */
/** @typedef {{ upload: Upload, options: Record<string, string> }} Begun */

const UPLOADS = `${BASE}/api/v1/uploads`
/** Retries without progress after which an upload waits for the user. */
const MOST_TRIES = 6
const LONGEST_WAIT_MS = 15_000
const GIVE_UP_MS = 2_000
/** Uploads of this page, which a second try resumes though the browser stores nothing. @type {WeakMap<Blob, Begun>} */
const begunHere = new WeakMap()

/**
 * The newest unfinished upload of a file: how far it is, in bytes, and how the form showed its options; undefined when
 * there is none that the server still has.
 * @param {Blob} body
 * @returns {Promise<{ sentBytes: number, fields: Record<string, string | boolean> } | undefined>}
 */
export async function stoppedAt(body) {
  const [upload] = await keptUploads(body)
  if (!upload) return undefined
  const { status, offset } = await tus('HEAD', upload.path)
  if (status === 404) forgetUpload(upload.path)
  return status === 200 ? { sentBytes: offset, fields: upload.fields } : undefined
}

/**
 * Gives the unfinished uploads of a file up.
 * @param {Blob} body
 */
export async function giveUp(body) {
  begunHere.delete(body)
  for (const { path } of await keptUploads(body)) {
    forgetUpload(path)
    await endUpload(path)
  }
}

/**
 * Posts one body as a new paste, and resumes after a broken connection, by itself as long as that helps. An unfinished
 * upload of the same bytes is resumed if it was begun with the same options; otherwise a new one begins, since options
 * can't be changed before the paste is there. Rejects as `uploadPaste` does; with `sentBytes` where the server has
 * bytes that a repetition continues from.
 * @param {Parameters<typeof import('./single-upload.js').uploadPaste>[0]} upload
 * @returns {Promise<any>} the created paste as REST gives it
 */
export async function uploadInParts({ options, fields, body, mediaType, key, signal, onProgress }) {
  let upload = await unfinished(body, options)
  if (!upload) {
    upload = await beginFreed(options, body, mediaType, key, signal)
    begunHere.set(body, { upload, options })
    void keepUpload(body, upload, { options, fields })
  }
  try {
    const paste = await sendAll(upload, body, signal, onProgress)
    forget(body, upload)
    return { ...paste, editToken: upload.editToken }
  } catch (/** @type {any} */ error) {
    if (error.name === 'AbortError') {
      forget(body, upload)
      // Its name is free again when somebody posts the next moment; who is offline need not wait for it.
      await Promise.race([tus('DELETE', upload.path), new Promise((resolve) => setTimeout(resolve, GIVE_UP_MS))])
    }
    if (error.status === 404) forget(body, upload)
    throw error
  }
}

/**
 * @param {Blob} body
 * @param {Record<string, string>} options
 * @returns {Promise<Upload | undefined>} the unfinished upload of these bytes with these options
 */
async function unfinished(body, options) {
  const here = begunHere.get(body)
  if (here && same(here.options, options)) return here.upload
  const uploads = await keptUploads(body)
  return uploads.find((upload) => same(upload.options, options))
}

/**
 * Begins an upload. Where an unfinished one of this file has the name that is wanted, gives that up first; the server
 * frees the name soon after.
 * @param {Parameters<typeof begin>} wanted
 */
async function beginFreed(...wanted) {
  const [options, body] = wanted
  const rivals = await keptUploads(body)
  const hasRival = rivals.some((upload) => upload.options.slug && upload.options.slug === options.slug)
  if (hasRival) await giveUp(body)
  for (let tries = 1; ; tries++) {
    try {
      return await begin(...wanted)
    } catch (/** @type {any} */ error) {
      if (!hasRival || error.code !== 'slug_taken' || tries === NAME_TRIES) throw error
      await pause(tries * NAME_WAIT_MS, wanted[4])
    }
  }
}

/** @param {Record<string, string>} one @param {Record<string, string>} other */
function same(one, other) {
  const keys = Object.keys({ ...one, ...other })
  return keys.every((key) => one[key] === other[key])
}

/** @param {Blob} body @param {Upload} upload */
function forget(body, { path }) {
  begunHere.delete(body)
  forgetUpload(path)
}

/**
 * @param {Record<string, string>} options
 * @param {Blob} body
 * @param {string} mediaType
 * @param {string} key
 * @param {AbortSignal} signal
 */
async function begin(options, body, mediaType, key, signal) {
  const headers = {
    'upload-length': String(body.size),
    'upload-metadata': metadata({ ...options, filetype: mediaType }),
    'idempotency-key': key,
  }
  const answer = await tus('POST', UPLOADS, { headers, signal })
  if (answer.status !== 201) throw refusal(answer)
  return {
    // The page may be open under another address than the service gives.
    path: new URL(answer.header('location')).pathname,
    editToken: answer.header('x-edit-token'),
    slug: new URL(answer.header('x-paste-url')).pathname.slice(BASE.length + 1),
  }
}

/**
 * Asks how far it is and sends the rest, until all is there; gives what REST says of the paste.
 * @param {{ path: string, slug: string, editToken: string }} upload
 * @param {Blob} body
 * @param {AbortSignal} signal
 * @param {(progress: import('./single-upload.js').Progress) => void} onProgress
 */
async function sendAll({ path, slug, editToken }, body, signal, onProgress) {
  // Of a paste whose readings are counted only its owner hears the size.
  const owner = { authorization: `Bearer ${editToken}` }
  let sentBytes = 0
  /** What the bar last said, some of which may not have arrived. */
  let shownBytes = 0
  let tries = 0
  for (;;) {
    let answer = await tus('HEAD', path, { signal })
    if (answer.status === 200) {
      if (answer.offset > sentBytes) tries = 0
      sentBytes = answer.offset
      shownBytes = sentBytes
      if (sentBytes === body.size)
        answer = await tus('GET', `${BASE}/api/v1/pastes/${slug}`, { headers: owner, signal })
      else {
        const measure = createMeter(body.size, sentBytes)
        answer = await tus('PATCH', path, {
          headers: { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(sentBytes) },
          body: body.slice(sentBytes),
          signal,
          onProgress(loaded) {
            shownBytes = sentBytes + loaded
            onProgress(measure(shownBytes))
          },
        })
      }
      if (answer.status === 200) return answer.json
      if (answer.status === 204) continue
    }
    const isFinal = answer.status >= 400 && answer.status < 500 && ![408, 409, 423, 429].includes(answer.status)
    if (isFinal || ++tries > MOST_TRIES) throw Object.assign(refusal(answer), { sentBytes: shownBytes })
    const waitMs = Math.max(answer.retryAfterMs || 0, Math.min(LONGEST_WAIT_MS, 500 * 2 ** tries))
    onProgress({
      sentBytes: shownBytes,
      totalBytes: body.size,
      speed: 0,
      pause: navigator.onLine ? 'waiting' : 'offline',
    })
    await pause(navigator.onLine ? waitMs : Infinity, signal)
  }
}
