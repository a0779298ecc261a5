import { AppError } from '../core/index.ts'

const MAX_TARGET_LENGTH = 2_048
// Percent-encoding makes nine characters of one; what is longer than this, browsers and proxies cut or refuse.
const MAX_WRITTEN_LENGTH = 4_096
const PRIVATE_V4 = /^(0|10|127|169\.254|172\.(1[6-9]|2\d|3[01])|192\.168|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./
const PRIVATE_V6 = /^\[(::1?|f[cd][0-9a-f]{2}:.*|fe[89ab][0-9a-f]:.*|::ffff:.*|64:ff9b:.*)\]$/

/**
 * Checks the target of a short link and gives it back normalised (WHATWG URL). Nothing is fetched: the check
 * keeps short links from hiding another protocol or a private network behind our address.
 * Throws `forbidden_target` for anything but http(s), for credentials in the URL and for private, loopback and
 * link-local hosts; `invalid_original_url` for text that is no URL or is longer than 2,048 characters, or
 * than 4,096 once it is normalised.
 */
export function checkTarget(text: string): string {
  const url = text.length <= MAX_TARGET_LENGTH ? URL.parse(text) : null
  if (!url || url.href.length > MAX_WRITTEN_LENGTH)
    throw new AppError('invalid_original_url', { detail: 'This is no absolute URL of at most 2,048 characters.' })
  const host = url.hostname.replace(/\.$/, '')
  const local = host === '' || host === 'localhost' || host.endsWith('.localhost') || PRIVATE_V4.test(`${host}.`)
  if (!/^https?:$/.test(url.protocol) || url.username || url.password || local || PRIVATE_V6.test(host))
    throw new AppError('forbidden_target', { detail: 'Only public http and https addresses can be shortened.' })
  return url.href
}
