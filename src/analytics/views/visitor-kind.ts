// The library takes every program for a bot; here people read at a shell, and programs read what people wrote for them.
const TOOL = /^(?:curl|wget|httpie|xh|hurl|aria2|libfetch|lynx|links|w3m|elinks)\b|powershell\//i

/** Loads what knows bots by their user agent (the library isbot, and what people use at a shell is none). */
export async function loadIsBot(): Promise<(userAgent: string) => boolean> {
  const { isbot } = await import('isbot')
  return (userAgent) => !TOOL.test(userAgent) && isbot(userAgent)
}

const ORIGIN = /^https?:\/\/(?:[^/?#@]*@)?([a-z0-9.-]{1,100})(?=[:/?#]|$)/i
const ADDRESS = /^[\d.]+$/

/**
 * The host that a Referer header (RFC 9110 section 10.1.3) names, in lower case; null for none, for what can't be one,
 * for an IP address, because none is to be kept, and for `own`.
 */
export function referrerHost(referrer: string | undefined, own: string): string | null {
  if (referrer === undefined) return null
  const host = ORIGIN.exec(referrer)?.[1]?.toLowerCase()
  return host === undefined || host === own || ADDRESS.test(host) ? null : host
}

/** A country as a proxy reports it: two letters or digits (Cloudflare's T1 is Tor); null for XX, "unknown". */
export function countryOf(said: string | string[] | undefined): string | null {
  return typeof said === 'string' && /^[A-Z][A-Z0-9]$/.test(said) && said !== 'XX' ? said : null
}
