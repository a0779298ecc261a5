import { BASE } from './base.js'

/** A refusal by the server, in words for people. */
export class Refused extends Error {
  /** @param {{ code?: string, title?: string, detail?: string, status?: number }} problem */
  constructor(problem) {
    super(problem.detail || problem.title || 'The server did not say why.')
    this.code = problem.code ?? ''
    this.status = problem.status ?? 0
  }
}

/** What to say when no answer came at all. */
export const NO_ANSWER = 'The server could not be reached. Check the connection, then try again.'

/**
 * One REST call. Gives the parsed JSON answer, or null when it has no body; throws Refused.
 * @param {string} method
 * @param {string} path below `/api/v1`
 * @param {{ token?: string, json?: unknown, text?: string, ifMatch?: string | null, signal?: AbortSignal }} [options]
 */
export async function rest(method, path, { token, json, text, ifMatch, signal } = {}) {
  /** @type {Record<string, string>} */
  const headers = { accept: 'application/json' }
  if (token !== undefined) headers.authorization = `Bearer ${token}`
  if (ifMatch) headers['if-match'] = ifMatch
  if (json !== undefined) headers['content-type'] = 'application/json'
  if (text !== undefined) headers['content-type'] = 'text/plain; charset=utf-8'
  const body = json === undefined ? text : JSON.stringify(json)
  /** @type {RequestInit} */
  const request = { method, headers, body: body ?? null, signal: signal ?? null, cache: 'no-store' }
  const response = await fetch(`${BASE}/api/v1${path}`, request).catch((error) => {
    throw error.name === 'AbortError' ? error : new Refused({ detail: NO_ANSWER })
  })
  const answer = response.status === 204 ? null : await response.json().catch(() => null)
  if (!response.ok) throw new Refused({ status: response.status, ...answer })
  return answer
}
