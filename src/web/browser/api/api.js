import { BASE } from '../common/base.js'
import { byId, element, say } from '../common/dom.js'
import '../common/page.js'

const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head']
const place = byId('operations')
const origin = place.dataset.origin
/** @type {any} */
let document_

fetch(`${BASE}/api/openapi.json`)
  .then((response) => response.json())
  .then((parsed) => {
    document_ = parsed
    draw()
  })
  .catch(() => say(byId('status'), 'The document could not be loaded. Load the page again.', 'bad'))

/** @param {any} schema @returns {any} the schema behind a `$ref` of the document itself */
function resolve(schema) {
  const path = schema?.$ref?.split('/').slice(1) ?? null
  return path
    ? resolve(path.reduce((/** @type {any} */ at, /** @type {string} */ key) => at?.[key], document_))
    : schema
}

function draw() {
  /** @type {Map<string, HTMLElement[]>} */
  const groups = new Map()
  for (const [path, operations] of Object.entries(document_.paths))
    for (const method of METHODS) {
      const operation = operations[method]
      if (!operation) continue
      const tag = operation.tags?.[0] ?? 'other'
      groups.set(tag, [...(groups.get(tag) ?? []), drawOperation(method, path, operation)])
    }
  for (const [tag, entries] of groups) {
    const about = document_.tags?.find((/** @type {any} */ entry) => entry.name === tag)?.description
    place.append(element('h2', { class: 'tag-name' }, tag))
    if (about) place.append(element('p', { class: 'muted' }, about))
    place.append(...entries)
  }
}

/** @param {string} method @param {string} path @param {any} operation */
function drawOperation(method, path, operation) {
  const summary = element(
    'summary',
    {},
    element('span', { class: `method method-${method}` }, method.toUpperCase()),
    element('span', { class: 'operation-path' }, path),
    element('span', { class: 'muted small' }, operation.summary ?? ''),
  )
  const details = element('details', { class: 'operation' }, summary)
  // Built when first opened: a long document would make thousands of fields at once.
  details.addEventListener('toggle', () => details.append(drawBody(method, path, operation)), { once: true })
  return details
}

/** @param {string} method @param {string} path @param {any} operation */
function drawBody(method, path, operation) {
  const inputs = (operation.parameters ?? []).map(resolve).map(drawParameter)
  if (operation.security?.length && !inputs.some((/** @type {any} */ input) => input.name === 'authorization'))
    inputs.push(drawParameter({ in: 'header', name: 'authorization', description: 'Bearer and the edit token' }))
  const content = resolve(operation.requestBody)?.content ?? {}
  const type = 'application/json' in content ? 'application/json' : Object.keys(content)[0]
  const body = type && element('textarea', { spellcheck: 'false', 'aria-label': `Body, ${type}` })
  if (body) body.value = type === 'application/json' ? JSON.stringify(exampleOf(content[type].schema), null, 2) : ''
  const answer = element('div', { 'aria-live': 'polite' })
  const send = element('button', { type: 'button', class: 'primary' }, 'Send')
  send.addEventListener('click', () => run(request(), answer, send))
  const curl = element('pre', { class: 'example', tabindex: 0, role: 'region', 'aria-label': 'The same with curl' })

  function request() {
    /** @type {Record<string, string>} */
    const headers = type ? { 'content-type': type } : {}
    const query = new URLSearchParams()
    let target = path
    for (const { name, where, field } of inputs) {
      if (field.value === '') continue
      if (where === 'path') target = target.replace(`{${name}}`, encodeURIComponent(field.value))
      else if (where === 'query') query.set(name, field.value)
      else headers[name] = field.value
    }
    return {
      method: method.toUpperCase(),
      url: target + (query.size > 0 ? `?${query}` : ''),
      headers,
      body: body ? body.value : null,
    }
  }
  const update = () => {
    curl.textContent = curlLine(request())
  }
  const holder = element(
    'div',
    { class: 'operation-body', input: update },
    ...(operation.description ? [element('p', { class: 'muted' }, operation.description)] : []),
    element('div', { class: 'parameters' }, ...inputs.map((/** @type {any} */ input) => input.label)),
    ...(body ? [element('p', { class: 'small muted' }, type ?? ''), body] : []),
    element('div', { class: 'row' }, send),
    curl,
    answer,
  )
  update()
  return holder
}

/** @param {any} parameter */
function drawParameter({ in: where, name, description = '', required = false }) {
  const field = element('input', { spellcheck: 'false', autocomplete: 'off', placeholder: required ? 'required' : '' })
  const label = element(
    'label',
    { title: description },
    `${name}${required ? ' *' : ''} `,
    element('span', { class: 'muted' }, where),
    field,
  )
  return { name, where, field, label }
}

/** @param {{ method: string, url: string, headers: Record<string, string>, body: string | null }} request @param {HTMLElement} place @param {HTMLButtonElement} button */
async function run({ method, url, headers, body }, place, button) {
  button.disabled = true
  try {
    const response = await fetch(BASE + url, { method, headers, body, cache: 'no-store' })
    const text = await response.text()
    const seen = ['content-type', 'etag', 'location', 'content-lines', 'retry-after']
    const lines = seen
      .filter((name) => response.headers.has(name))
      .map((name) => `${name}: ${response.headers.get(name)}`)
    place.replaceChildren(
      element(
        'p',
        { class: `answer-line ${response.ok ? '' : 'problem-line'}` },
        `${response.status} ${response.statusText}`,
      ),
      element(
        'pre',
        { class: 'example', tabindex: 0, role: 'region', 'aria-label': 'Answer' },
        `${lines.join('\n')}\n\n${pretty(text.slice(0, 100_000))}`,
      ),
    )
  } catch (error) {
    place.replaceChildren(element('p', { class: 'problem-line' }, `No answer: ${/** @type {Error} */ (error).message}`))
  }
  button.disabled = false
}

/** @param {string} text */
function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

/** @param {{ method: string, url: string, headers: Record<string, string>, body: string | null }} request */
function curlLine({ method, url, headers, body }) {
  const quote = (/** @type {string} */ text) => `'${text.replaceAll("'", "'\\''")}'`
  const parts = ['curl', ...(method === 'GET' ? [] : ['-X', method]), quote(origin + url)]
  for (const [name, value] of Object.entries(headers)) parts.push('-H', quote(`${name}: ${value}`))
  if (body) parts.push('--data-binary', quote(body))
  return parts.join(' ')
}

/** @param {any} given @returns {unknown} a value to begin with: what is required, and nothing else */
function exampleOf(given) {
  const schema = resolve(given) ?? {}
  if (schema.examples?.length) return schema.examples[0]
  if (schema.type === 'object') {
    const required = schema.required ?? Object.keys(schema.properties ?? {}).slice(0, 1)
    return Object.fromEntries(required.map((/** @type {string} */ key) => [key, exampleOf(schema.properties?.[key])]))
  }
  if (schema.anyOf) return exampleOf(schema.anyOf[0])
  return schema.type === 'integer' || schema.type === 'number' ? 1 : schema.type === 'boolean' ? true : 'hello'
}
