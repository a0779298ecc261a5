import { isIP } from 'node:net'

const MODES = ['DISABLED', 'REQUIRED', 'VERIFY_CA', 'VERIFY_IDENTITY']
const FORM = 'mysql://user:password@host:3306/name'
const ENCODE = 'write #, /, ?, @ and % in it percent-encoded: %23, %2F, %3F, %40, %25'

/**
 * `DATABASE_URL`: `mysql://user:password@host[,host…][:3306]/name[?ssl-mode=MODE]`, user and password percent-encoded.
 * `?ssl=true` is `?ssl-mode=VERIFY_IDENTITY`; in the result the mode stands as `ssl-mode`, if there is one. Throws an
 * Error whose message completes "DATABASE_URL …" and holds nothing of what was given. What can't be honoured is refused,
 * above all what would leave a connection without the TLS that was asked for.
 */
export function mysqlUrl(text: string): string {
  if (!/^mysql:\/\//i.test(text)) throw new Error('wants an address that begins with mysql://')
  const url = URL.parse(text)
  if (!url || url.hash) throw new Error(`wants ${FORM}; if the password is right, ${ENCODE}`)
  if (!url.hostname) throw new Error(`names no host; it wants ${FORM}`)
  for (const part of [url.username, url.password, url.pathname]) decoded(part)
  const name = url.pathname.slice(1)
  if (name === '') throw new Error(`names no database; it wants ${FORM}`)
  if (name.includes('/')) throw new Error(`names a database with a / in it; if that is the password, ${ENCODE}`)
  const mode = sslMode(url.searchParams)
  if (mode === 'VERIFY_IDENTITY' && (isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0 || url.hostname.includes(',')))
    throw new Error('asks for VERIFY_IDENTITY, which wants one host by its name; else say ssl-mode=VERIFY_CA')
  url.search = ''
  if (mode !== undefined && mode !== 'DISABLED') url.searchParams.set('ssl-mode', mode)
  return url.href
}

function sslMode(options: URLSearchParams): string | undefined {
  const unknown = [...options.keys()].find((key) => key !== 'ssl' && key !== 'ssl-mode')
  if (unknown !== undefined) throw new Error('has an option that is not known here; it knows ssl-mode and ssl')
  if (options.size > 1) throw new Error('has ssl-mode or ssl more than once')
  const ssl = options.get('ssl')
  if (ssl !== null) {
    if (ssl !== 'true' && ssl !== 'false') throw new Error('wants ssl=true, ssl=false or ssl-mode')
    return ssl === 'true' ? 'VERIFY_IDENTITY' : 'DISABLED'
  }
  const mode = options.get('ssl-mode')?.toUpperCase()
  if (mode !== undefined && !MODES.includes(mode)) throw new Error(`wants ssl-mode to be one of ${MODES.join(', ')}`)
  return mode
}

function decoded(part: string): void {
  try {
    decodeURIComponent(part)
  } catch {
    throw new Error('has a % that begins no percent-encoded character; a % itself is %25')
  }
}
