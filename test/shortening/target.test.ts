import { describe, expect, test } from 'vitest'
import { isAppError } from '../../src/core/index.ts'
import { checkTarget } from '../../src/shortening/index.ts'

function verdict(url: string): string {
  try {
    return checkTarget(url)
  } catch (error) {
    return isAppError(error) ? error.code : 'threw'
  }
}

describe('the target of a short link', () => {
  test.each([
    ['https://example.com', 'https://example.com/'],
    ['HTTP://EXAMPLE.com/a?b#c', 'http://example.com/a?b#c'],
    ['https://bücher.example/', 'https://xn--bcher-kva.example/'],
    ['https://1.1.1.1/', 'https://1.1.1.1/'],
    ['https://fcexample.com/', 'https://fcexample.com/'],
    ['https://[2606:4700::1111]/', 'https://[2606:4700::1111]/'],
  ])('%s is shortened', (url, normalised) => expect(verdict(url)).toBe(normalised))

  test.each(['', 'example.com', '/a', 'https://', `https://example.com/${'x'.repeat(2_048)}`])('%s is no URL', (url) =>
    expect(verdict(url)).toBe('invalid_original_url'),
  )

  test.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://example.com/',
    'file:///etc/passwd',
    'https://user:pass@example.com/',
    'http://localhost/',
    'http://a.localhost./',
    'http://127.0.0.1/',
    'http://127.1/',
    'http://0x7f000001/',
    'http://2130706433/',
    'http://10.0.0.1/',
    'http://172.16.0.1/',
    'http://192.168.1.1/',
    'http://169.254.169.254/latest/meta-data',
    'http://100.64.0.1/',
    'http://0.0.0.0/',
    'http://[::1]/',
    'http://[::]/',
    'http://[fd00::1]/',
    'http://[fe80::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
  ])('%s is refused', (url) => expect(verdict(url)).toBe('forbidden_target'))
})
