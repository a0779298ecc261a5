/**
 * Uploads that were not finished, so that choosing the same file again, in another tab or tomorrow, resumes them.
 * `path` is the upload's address on this site; `editToken` is for the paste once it is there. `options` are those that
 * it was begun with, `fields` how the form shows them. `sha256` (hex) is of the whole file: name, size and date alone
 * would splice another file on.
 * @typedef {{ path: string, editToken: string, slug: string, name: string, size: number, lastModified: number,
 *   sha256: string, options: Record<string, string>, fields: Record<string, string | boolean> }} KeptUpload
 * @typedef {Pick<KeptUpload, 'path' | 'editToken' | 'slug'>} Upload
 */

const KEY = 'uploads'
const MOST = 20

/** Digests of files of this page, which take a fraction of a second each. @type {WeakMap<Blob, Promise<string | null>>} */
const digests = new WeakMap()

/** @returns {KeptUpload[]} */
function kept() {
  try {
    const list = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(list) ? list.filter((entry) => typeof entry?.path === 'string' && entry.options) : []
  } catch {
    return []
  }
}

/**
 * The unfinished uploads of these very bytes, newest first.
 * @param {Blob} body text that was typed has none
 * @returns {Promise<KeptUpload[]>}
 */
export async function keptUploads(body) {
  if (!(body instanceof File)) return []
  const { name, size, lastModified } = body
  const alike = kept().filter(
    (entry) => entry.name === name && entry.size === size && entry.lastModified === lastModified,
  )
  if (alike.length === 0) return []
  const sha256 = await digest(body)
  return alike.filter((entry) => entry.sha256 === sha256)
}

/**
 * @param {Blob} body
 * @param {Upload} upload
 * @param {Pick<KeptUpload, 'options' | 'fields'>} begun
 */
export async function keepUpload(body, { path, editToken, slug }, { options, fields }) {
  if (!(body instanceof File)) return
  const sha256 = await digest(body)
  // Without it, resuming in another page could join two files.
  if (sha256 === null) return
  const { name, size, lastModified } = body
  const others = kept().filter((entry) => entry.path !== path)
  write([{ path, editToken, slug, name, size, lastModified, sha256, options, fields }, ...others].slice(0, MOST))
}

/** @param {string} path */
export function forgetUpload(path) {
  write(kept().filter((entry) => entry.path !== path))
}

/** @param {Blob} body @returns {Promise<string | null>} null where the page came without TLS: browsers don't hash there */
function digest(body) {
  const known = digests.get(body)
  if (known) return known
  const made = hash(body).catch(() => null)
  digests.set(body, made)
  return made
}

/** @param {Blob} body */
async function hash(body) {
  const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', await body.arrayBuffer()))
  return Array.from(sum, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** @param {KeptUpload[]} list */
function write(list) {
  try {
    localStorage.setItem(KEY, JSON.stringify(list))
  } catch {
    // Storage may be forbidden: an upload can then be resumed as long as the page is open.
  }
}
