import { countWords, sizeWords } from '../../shared/words.js'
import { byId, say } from '../common/dom.js'
import { keepPaste } from '../common/kept-pastes.js'
import { listenForKeys } from '../common/page.js'
import { takeTabs } from '../common/tab-key.js'
import { keepDraft, restore, valuesOf } from './draft.js'
import { watchEnds } from './expiry-field.js'
import { watchFiles } from './file-list.js'
import { showProgress, showUploading } from './progress.js'
import { showResults } from './result.js'
import { uploadInParts } from './resumable-upload.js'
import { IN_PARTS_ABOVE_BYTES, randomKey, uploadPaste } from './single-upload.js'
import { watchName } from './slug-field.js'

const form = byId('form')
const area = byId('content')
const slug = byId('slug')
const post = byId('post')
const problem = byId('content-problem')
const maxBytes = Number(form.dataset.maxBytes)
const number = (/** @type {string} */ text) => (text === '' ? null : Number(text))

takeTabs(area)
const name = watchName(slug, byId('slug-status'))
const ends = watchEnds({
  select: byId('ends'),
  field: byId('ends-at'),
  status: byId('ends-status'),
  minMs: Number(form.dataset.minExpiryMs),
  maxMs: number(form.dataset.maxExpiryMs),
})
const files = watchFiles({
  drop: byId('drop'),
  choose: byId('choose'),
  list: byId('files'),
  area,
  maxBytes,
  refuse: (words) => say(problem, words),
  resumable: showOptions,
  changed,
})

/** @type {AbortController | undefined} */
let running
/** The key of an attempt stays with what is posted: trying again after a lost answer can't make a second paste. */
const keys = new Map()
/** What was posted before a later item failed: it is not posted again, and shown with the rest. */
const posted = new Map()

area.addEventListener('input', changed)
area.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
  if (event.key === 'Escape' && running) running.abort()
})
document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !form.hidden) form.requestSubmit()
  if (event.key === 'Escape') running?.abort()
})
byId('cancel').addEventListener('click', () => running?.abort())
form.addEventListener('submit', (/** @type {Event} */ event) => {
  event.preventDefault()
  if (!running) void submit()
})
listenForKeys({ '?': () => byId('shortcuts').showModal() })
if (/Mac|iPhone|iPad/.test(navigator.userAgent)) post.querySelector('kbd').textContent = '⌘ ⏎'
const draft = keepDraft(form)
changed()
addEventListener('beforeunload', (event) => {
  // Text comes back with the tab; an upload and chosen files don't.
  const waits = !form.hidden && (files.entries.length > 0 || (area.value !== '' && !draft.isKept()))
  if (running || waits) event.preventDefault()
})

function changed() {
  const text = area.value
  const bytes = new Blob([text]).size
  const lines = text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
  byId('count').textContent = `${countWords(lines, 'line')} · ${sizeWords(bytes)} of ${sizeWords(maxBytes)}`
  if (text !== '' || files.entries.length > 0) say(problem, '')
  if (bytes > maxBytes) say(problem, `This is ${sizeWords(bytes)}. A paste is ${sizeWords(maxBytes)} at most.`)
  byId('files').hidden = files.entries.length === 0
  const many = files.entries.length + (text === '' ? 0 : 1)
  byId('post-label').textContent = many > 1 ? `Post ${many} pastes` : 'Post'
  slug.disabled = many > 1
  slug.placeholder = many > 1 ? 'chosen for each' : 'chosen for you'
}

/**
 * Shows the options of an unfinished upload, unless some have been chosen already.
 * @param {Record<string, string | boolean>} fields
 */
function showOptions(fields) {
  const { content: _, ...chosen } = valuesOf(form) ?? {}
  if (Object.keys(chosen).length === 0) restore(form, fields)
}

/** @returns {{ id: string, body: Blob, name: string, mediaType: string, chip: HTMLElement | null }[]} */
function items() {
  const text = area.value
  const list = files.entries.map(({ id, file, chip }) => ({
    id: `file ${id}`,
    body: /** @type {Blob} */ (file),
    name: file.name,
    mediaType: file.type || 'application/octet-stream',
    chip: /** @type {HTMLElement | null} */ (chip),
  }))
  const body = new Blob([text])
  const typed = { id: `text ${text}`, body, name: files.textName(), mediaType: 'text/plain;charset=utf-8', chip: null }
  return text === '' ? list : [typed, ...list]
}

async function submit() {
  const list = items().filter(({ id }) => !posted.has(id))
  const when = ends.options()
  if (list.length === 0)
    return complain(problem, 'There is nothing to post yet. Type something, or choose a file.', area)
  if (list.some(({ body }) => body.size > maxBytes)) return area.focus()
  if (when === null) return byId('ends-at').focus()
  running = new AbortController()
  showUploading(true)
  try {
    for (const item of list) {
      const paste = await postOne(item, { ...when, ...fields() }, running.signal)
      const name = byId('title').value || item.name
      item.chip?.classList.add('done')
      posted.set(item.id, { paste, name, kept: keepPaste({ ...pick(paste), name: name || paste.slug }) })
    }
    form.hidden = true
    draft.forget()
    showResults(byId('result'), [...posted.values()])
  } catch (error) {
    explain(/** @type {any} */ (error))
  } finally {
    running = undefined
    showUploading(false)
  }
}

function fields() {
  /** @type {Record<string, string>} */
  const given = {}
  for (const field of ['title', 'language', 'visibility', 'slug']) {
    const input = byId(field)
    if (input.value !== '' && !input.disabled) given[field] = input.value.trim()
  }
  if (byId('burn').checked) given.burnAfterReading = 'true'
  return given
}

/**
 * @param {ReturnType<typeof items>[number]} item
 * @param {Record<string, string>} options
 * @param {AbortSignal} signal
 */
function postOne(item, options, signal) {
  if (item.name) options.fileName = item.name
  const identity = JSON.stringify([item.id, options])
  if (!keys.has(identity)) keys.set(identity, randomKey())
  const { body, mediaType } = item
  show({ sentBytes: 0, totalBytes: body.size, speed: 0 })
  const upload = body.size > IN_PARTS_ABOVE_BYTES ? uploadInParts : uploadPaste
  const { content: _, ...shown } = valuesOf(form) ?? {}
  return upload({ options, fields: shown, body, mediaType, key: keys.get(identity), signal, onProgress: show })
}

/** @param {import('./single-upload.js').Progress} progress */
function show(progress) {
  showProgress(byId('progress'), byId('upload-words'), progress)
}

/** @param {{ name: string, code?: string, message: string, sentBytes?: number }} error */
function explain(error) {
  const { code = '', message } = error
  if (error.name === 'AbortError') {
    const earlier = `${countWords(posted.size, 'paste')} had been posted before; Post goes on with the rest.`
    return complain(problem, `Cancelled. ${posted.size === 0 ? 'Nothing was posted.' : earlier}`, post)
  }
  if (error.sentBytes) {
    const bar = byId('progress')
    if (bar.max > IN_PARTS_ABOVE_BYTES) byId('post-label').textContent = 'Resume'
    return complain(problem, `Stopped at ${sizeWords(error.sentBytes)} of ${sizeWords(bar.max)}. ${message}`, post)
  }
  if (/slug/.test(code)) {
    complain(byId('slug-status'), message, slug)
    if (code === 'slug_taken') void name.check()
  } else if (/expiry/.test(code)) complain(byId('ends-status'), message, byId('ends'))
  else complain(problem, message, area)
}

/** @param {HTMLElement} line @param {string} words @param {HTMLElement} focus */
function complain(line, words, focus) {
  say(line, words, 'bad')
  setTimeout(() => focus.focus())
}

/** @param {any} paste */
function pick({ slug, url, size, maxViews, createdAt, expiresAt, editToken }) {
  return { slug, url, size, maxViews, createdAt, expiresAt, editToken }
}
