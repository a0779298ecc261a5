const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  // The one policy there is, see `colours.js`: it takes nothing but the addresses of our own files.
  'trusted-types colour-worker',
].join('; ')

/**
 * The security headers of every page for people, lower-case names. Over https they also pin https; a laptop or a
 * private network without TLS must do without that, or its browser would ask for assets over https in vain.
 */
export function pageSecurityHeaders(publicUrl: string): Record<string, string> {
  const secure = publicUrl.startsWith('https:')
  return {
    'content-security-policy': secure ? `${POLICY}; upgrade-insecure-requests` : POLICY,
    ...(secure ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    // Addresses of pastes are capabilities: no other site may learn them.
    'referrer-policy': 'no-referrer',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), browsing-topics=()',
  }
}
