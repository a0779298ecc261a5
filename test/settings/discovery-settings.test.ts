import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/settings/config.ts'

const SECRET = 'c2VjcmV0LWNhbmFyeS1zZWNyZXQtY2FuYXJ5'
const GIVEN = {
  DNS_UPDATE_SERVER: '10.0.0.53',
  DNS_UPDATE_ZONE: 'paste.test',
  DNS_UPDATE_NAME: 'app.paste.test',
  DNS_UPDATE_KEY: `paste-replicas:hmac-sha256:${SECRET}`,
}

describe('the settings of discovery', () => {
  test.each([
    ['10.0.0.53', '10.0.0.53', 53],
    ['ns.example:5353', 'ns.example', 5353],
    ['2001:db8::53', '2001:db8::53', 53],
    ['[2001:db8::53]:5353', '2001:db8::53', 5353],
  ])('%s is a server', (given, host, port) => {
    expect(loadConfig({ ...GIVEN, DNS_UPDATE_SERVER: given }).dnsUpdateServer).toEqual({ host, port })
  })

  test('names are taken with and without the last dot, in any case', () => {
    const { dnsUpdateName, dnsUpdateZone } = loadConfig({ ...GIVEN, DNS_UPDATE_NAME: 'App.Paste.Test.' })
    expect([dnsUpdateName, dnsUpdateZone]).toEqual(['app.paste.test', 'paste.test'])
  })

  test.each([
    [{ DNS_UPDATE_SERVER: 'http://10.0.0.53' }, /^DNS_UPDATE_SERVER wants/],
    [{ DNS_UPDATE_ZONE: 'a..b' }, /^DNS_UPDATE_ZONE wants/],
    [{ DNS_UPDATE_NAME: 'app.paste.example' }, /^DNS_UPDATE_NAME must lie in DNS_UPDATE_ZONE$/],
    [{ DNS_UPDATE_NAME: 'appaste.test' }, /^DNS_UPDATE_NAME must lie in DNS_UPDATE_ZONE$/],
    [{ DNS_UPDATE_ADDRESS: 'localhost' }, /^DNS_UPDATE_ADDRESS wants/],
    [{ DNS_UPDATE_KEY: '' }, /^DNS_UPDATE_SERVER is set, so/],
    [{ DNS_UPDATE_KEY: SECRET }, /^DNS_UPDATE_KEY wants/],
    [{ DNS_UPDATE_KEY: `paste-replicas:hmac-md5:${SECRET}` }, /^DNS_UPDATE_KEY wants/],
    [{ DNS_UPDATE_KEY: 'paste-replicas:hmac-sha256:c2hvcnQ=' }, /^DNS_UPDATE_KEY wants/],
  ])('%j is refused, and the secret is not told', (wrong, line) => {
    const load = () => loadConfig({ ...GIVEN, ...wrong })
    expect(load).toThrow(line)
    expect(load).not.toThrow(SECRET)
  })
})
