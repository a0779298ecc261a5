/**
 * An X-Forwarded-For header with bare addresses: some gateways write `192.0.2.1:50001`, `[2001:db8::1]:443` or quotes
 * around it, and each port would be a client of its own.
 */
export function bareAddresses(header: string): string {
  return /[:"[]/.test(header) ? header.split(',').map(bareAddress).join(', ') : header
}

function bareAddress(text: string): string {
  const address = text.trim().replace(/^"(.*)"$/, '$1')
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(address)?.[1]
  // One colon is a port; an IPv6 address has two at least.
  return bracketed ?? address.replace(/^([^:]*):\d+$/, '$1')
}
