import { CONTENT_FIELDS } from './content-fields.ts'

/** What a body whose Content-Type says little may be: a form, JSON with options beside its content, or content. */
export type BodyKind = 'form' | 'envelope' | 'content'

const URLENCODED = 'application/x-www-form-urlencoded'
const FORM_START = /^[A-Za-z][A-Za-z0-9_.:%-]{0,40}=/
// An encoder of forms leaves neither line ends nor other control characters, and nothing beyond ASCII.
const NOT_FORM = /[^\x20-\x7e]/
const JSON_START = /^\s*\{/

/** Members that make a JSON object the envelope of a paste wherever it is called JSON. */
const CONTENT_MEMBERS = ['content', 'text', 'ct', 'pasteid']
/** Members that may hold the content in the envelopes of other pastebins. */
const POSSIBLE_CONTENT = new Set([...CONTENT_MEMBERS, ...CONTENT_FIELDS, 'files', 'body'])
/** What asks for privacy or an end, in any spelling: lower case, without _ and -. */
const PRIVACY = new Set(
  (
    'adata burn burnafter burnafterread burnafterreading ct expiration expire expires expiresat expiresin expiry ' +
    'expirydays maxviews oneshot password private privacy public readonce unlisted viewlimit views visibility'
  ).split(' '),
)

/** Whether a body of this media type (empty: none was named) has to be looked at. */
export function mayBeForm(mediaType: string): boolean {
  return mediaType === '' || mediaType === URLENCODED || isJson(mediaType)
}

/** Whether the beginning of a body leaves open what it is. */
export function isUndecided(start: string, mediaType: string): boolean {
  if (JSON_START.test(start)) return true
  return mediaType === URLENCODED && FORM_START.test(start) && !NOT_FORM.test(start)
}

/**
 * What a body is, by its beginning: all of it, or the first 64 KiB. `known`: the names of options. Curl calls whatever it sends a form, so a body is one
 * only if it reads as one and has a field for content; and JSON is an envelope only if it has members of one.
 */
export function guessBody(start: string, mediaType: string, known: ReadonlySet<string>): BodyKind {
  if (JSON_START.test(start)) return isEnvelope(membersOf(start), isJson(mediaType)) ? 'envelope' : 'content'
  if (mediaType !== URLENCODED || !FORM_START.test(start) || NOT_FORM.test(start)) return 'content'
  const names = start.split('&').map((pair) => decoded(pair.split('=', 1)[0] ?? ''))
  const isKnown = (name: string) => CONTENT_FIELDS.has(name) || known.has(name)
  const named = names.filter((name) => CONTENT_FIELDS.has(name))
  // Names of one letter are those of any data too.
  return named.some((name) => name.length > 1 || names.every(isKnown) || names.some(asksForPrivacy))
    ? 'form'
    : 'content'
}

/** Whether a name asks for privacy or an end, in the spelling of any pastebin. */
export function asksForPrivacy(name: string): boolean {
  return PRIVACY.has(name.toLowerCase().replace(/[_-]/g, ''))
}

function isJson(mediaType: string): boolean {
  return mediaType === 'application/json' || mediaType === 'text/json'
}

function isEnvelope(members: readonly string[], calledJson: boolean): boolean {
  if (calledJson && CONTENT_MEMBERS.some((name) => members.includes(name))) return true
  return members.some(asksForPrivacy) && members.some((name) => POSSIBLE_CONTENT.has(name))
}

/** The names of an object's own members in JSON that may be cut off; members of its values are left out. */
function membersOf(json: string): string[] {
  const members: string[] = []
  let depth = 0
  for (const [token, name] of json.matchAll(/"((?:[^"\\]|\\.)*)"(?=\s*:)|"(?:[^"\\]|\\.)*"?|[{}[\]]/gs)) {
    if (token === '{' || token === '[') depth++
    else if (token === '}' || token === ']') depth--
    else if (name !== undefined && depth === 1) members.push(name)
  }
  return members
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll('+', ' '))
  } catch {
    return name
  }
}
