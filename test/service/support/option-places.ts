import type { InjectOptions } from 'fastify'
import { BOUNDARY, type FormPart, file, formBody } from './message.ts'
import { metadata } from './tus.ts'

/** Options as text, by name. */
export type Texts = Record<string, string>

/** Where a request can have options. */
export const PLACES = ['query', 'body', 'behind'] as const
export type OptionPlace = (typeof PLACES)[number]

/** Options by the places in which they are sent; `behind`: in the body, after the content. */
export type Placed = Partial<Record<OptionPlace, Texts>>

/** One way to create: a route with one kind of body. Gives no request where the body has no such place. */
export type Way = { name: string; makes: 'paste' | 'link'; ask(placed: Placed): InjectOptions | undefined }

const JSON_TYPE = { 'content-type': 'application/json' }
const FORM_TYPE = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` }
const URLENCODED = { 'content-type': 'application/x-www-form-urlencoded' }
const LARGE = 'some line of a log\n'.repeat(8_000)

type Head = { method: 'POST' | 'PUT' | 'GET'; path: string; headers?: Record<string, string> }

function asking(
  { method, path, headers = {} }: Head,
  query: Texts | undefined,
  payload?: string | Buffer,
): InjectOptions {
  const search = `${new URLSearchParams(query)}`
  const url = `${path}${search && (path.includes('?') ? '&' : '?')}${search}`
  return { method, url, headers: { host: 'paste.test', ...headers }, ...(payload !== undefined && { payload }) }
}

const post = (path: string, headers: Record<string, string>): Head => ({ method: 'POST', path, headers })
const parts = (texts: Texts = {}): FormPart[] => Object.entries(texts).map(([name, value]) => ({ name, value }))

function raw(head: Head, body: string): Way['ask'] {
  return ({ query, body: inside, behind }) => (inside || behind ? undefined : asking(head, query, body))
}

function json(path: string, content: object): Way['ask'] {
  const typed = (texts: Texts = {}) =>
    Object.fromEntries(
      Object.entries(texts).map(([name, value]) => [name, /^(true|\d+)$/.test(value) ? JSON.parse(value) : value]),
    )
  return ({ query, body, behind }) =>
    asking(post(path, JSON_TYPE), query, JSON.stringify({ ...typed(body), ...content, ...typed(behind) }))
}

function form(path: string, content: FormPart): Way['ask'] {
  return ({ query, body, behind }) =>
    asking(post(path, FORM_TYPE), query, formBody([...parts(body), content, ...parts(behind)]))
}

function urlencoded(path: string): Way['ask'] {
  return ({ query, body = {}, behind = {} }) =>
    asking(post(path, URLENCODED), query, `${new URLSearchParams({ ...body, content: 'a text', ...behind })}`)
}

function tusBegin({ query, body = {}, behind }: Placed): InjectOptions | undefined {
  if (behind) return undefined
  const headers = { 'tus-resumable': '1.0.0', 'content-type': 'application/offset+octet-stream', 'upload-length': '4' }
  return asking(post('/api/v1/uploads', { ...headers, 'upload-metadata': metadata(body) }), query, 'text')
}

const TARGET = 'https://example.com/'
const BYTES = { 'content-type': 'application/octet-stream' }
let names = 0

/** Every way to create, with every kind of body. */
export const WAYS: Way[] = [
  ...['/api/v1/pastes', '/', '/api/paste', '/api/v1/paste'].flatMap((path) => [
    { name: `POST ${path} JSON`, ask: json(path, { content: 'a text' }) },
    { name: `POST ${path} form`, ask: form(path, file()) },
    { name: `POST ${path} form with a text field`, ask: form(path, { name: 'content', value: 'a text' }) },
  ]),
  { name: 'POST /api/v1/pastes large form', ask: form('/api/v1/pastes', file(LARGE)) },
  ...['/api/v1/pastes', '/'].flatMap((path) => [
    { name: `POST ${path} raw`, ask: raw(post(path, BYTES), 'a text') },
    { name: `POST ${path} raw as curl types it`, ask: raw(post(path, URLENCODED), 'a text\n') },
    { name: `POST ${path} large raw`, ask: raw(post(path, BYTES), LARGE) },
    { name: `POST ${path} urlencoded`, ask: urlencoded(path) },
  ]),
  { name: 'PUT /', ask: raw({ method: 'PUT', path: '/' }, 'a text') },
  {
    name: 'PUT /name',
    ask: (placed: Placed) => raw({ method: 'PUT', path: `/a-name-that-nobody-guesses-${++names}` }, 'a text')(placed),
  },
  { name: 'POST /form', ask: urlencoded('/form') },
  { name: 'POST /api/paste/expiry', ask: json('/api/paste/expiry', { content: 'a text', expiry: 3_600 }) },
  { name: 'POST /api/v1/uploads', ask: tusBegin },
]
  .map((way) => ({ ...way, makes: 'paste' as const }))
  .concat(
    [
      { name: 'POST /api/v1/links', ask: json('/api/v1/links', { url: TARGET }) },
      {
        name: 'GET /api/v1/shortenURL',
        ask: ({ query, body, behind }: Placed) =>
          body || behind
            ? undefined
            : asking({ method: 'GET', path: `/api/v1/shortenURL?original_url=${encodeURIComponent(TARGET)}` }, query),
      },
    ].map((way) => ({ ...way, makes: 'link' as const })) as never,
  )
