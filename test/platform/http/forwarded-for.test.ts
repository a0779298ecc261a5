import { describe, expect, test } from 'vitest'
import { bareAddresses } from '../../../src/platform/http/forwarded-for.ts'

describe('addresses that a proxy forwards', () => {
  test.each([
    ['198.51.100.7', '198.51.100.7'],
    ['198.51.100.7:50001', '198.51.100.7'],
    ['2001:db8::7', '2001:db8::7'],
    ['[2001:db8::7]', '2001:db8::7'],
    ['[2001:db8::7]:443', '2001:db8::7'],
    ['"[2001:db8::7]:443"', '2001:db8::7'],
    ['"198.51.100.7:1"', '198.51.100.7'],
    ['198.51.100.7:1, 10.0.0.1:2,10.0.0.2', '198.51.100.7, 10.0.0.1, 10.0.0.2'],
    ['unknown', 'unknown'],
    ['::1', '::1'],
    ['[', '['],
  ])('%s is %s', (header, bare) => {
    expect(bareAddresses(header)).toBe(bare)
  })
})
