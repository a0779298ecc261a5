/**
 * Uploads that were not finished, so that choosing the same file again, in another tab or tomorrow, can go on with them.
 * `path` is the upload's address on this site; who has it can go on, `editToken` is for the paste when it is there.
 * @typedef {{ path: string, editToken: string, slug: string, name: string, size: number, lastModified: number }} KeptUpload
 */

const KEY = 'uploads'
const MOST = 20

/** @returns {KeptUpload[]} */
function kept() {
  try {
    const list = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(list) ? list.filter((entry) => typeof entry?.path === 'string') : []
  } catch {
    return []
  }
}

/**
 * The unfinished upload of this very file, as far as name, size and date tell.
 * @param {Blob} body text that was typed has none
 */
export function keptUpload(body) {
  if (!(body instanceof File)) return undefined
  const { name, size, lastModified } = body
  return kept().find((entry) => entry.name === name && entry.size === size && entry.lastModified === lastModified)
}

/**
 * @param {Blob} body
 * @param {{ path: string, editToken: string, slug: string }} upload
 */
export function keepUpload(body, { path, editToken, slug }) {
  if (!(body instanceof File)) return
  const { name, size, lastModified } = body
  const others = kept().filter((entry) => entry.path !== path)
  write([{ path, editToken, slug, name, size, lastModified }, ...others].slice(0, MOST))
}

/** @param {string} path */
export function forgetUpload(path) {
  write(kept().filter((entry) => entry.path !== path))
}

/** @param {KeptUpload[]} list */
function write(list) {
  try {
    localStorage.setItem(KEY, JSON.stringify(list))
  } catch {
    // Storage may be forbidden: an upload can then go on as long as the page is open.
  }
}
