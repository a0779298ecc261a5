import type { IncomingMessage } from 'node:http'

/**
 * The address of a request without the path below which the service lives: a proxy may leave it in or take it out. A
 * path that only begins alike, such as `/pastel` for `/paste`, is another one.
 */
export function belowBase(base: string): (request: Pick<IncomingMessage, 'url'>) => string {
  return ({ url = '/' }) => {
    if (!url.startsWith(base)) return url
    const rest = url.slice(base.length)
    if (rest.startsWith('/')) return rest
    return rest === '' || rest.startsWith('?') ? `/${rest}` : url
  }
}
