/** An Authorization header: the scheme in lower case, and what follows it (RFC 9110 section 11.4). */
export type Authorization = { scheme: string; credentials: string }

/** Parses an Authorization header; undefined when it is absent or holds no credentials. */
export function parseAuthorization(header: string | undefined): Authorization | undefined {
  const [, scheme, credentials] = /^([!#$%&'*+.^_`|~\w-]+) +(\S.*)$/.exec(header ?? '') ?? []
  if (scheme === undefined || credentials === undefined) return undefined
  return { scheme: scheme.toLowerCase(), credentials: credentials.trimEnd() }
}

/** The token of the Bearer scheme (RFC 6750); undefined for any other. */
export function bearerToken(header: string | undefined): string | undefined {
  const given = parseAuthorization(header)
  return given?.scheme === 'bearer' ? given.credentials : undefined
}
