import { expect, test } from 'vitest'
import { mysqlUrl } from '../../src/settings/mysql-url.ts'

test.each([
  ['mysql://u:p@db/paste', 'mysql://u:p@db/paste'],
  ['mysql://u:p%23%25@db:3307/paste', 'mysql://u:p%23%25@db:3307/paste'],
  ['mysql://u:p@a,b:3306/paste?ssl-mode=verify_ca', 'mysql://u:p@a,b:3306/paste?ssl-mode=VERIFY_CA'],
  ['mysql://u:p@db/paste?ssl=true', 'mysql://u:p@db/paste?ssl-mode=VERIFY_IDENTITY'],
  ['mysql://u:p@db/paste?ssl=false', 'mysql://u:p@db/paste'],
  ['mysql://u:p@db/paste?ssl-mode=DISABLED', 'mysql://u:p@db/paste'],
])('%s is taken', (given, kept) => {
  expect(mysqlUrl(given)).toBe(kept)
})

test.each([
  ['mysql://u:canary@db', 'names no database'],
  ['mysql://u:canary@db/', 'names no database'],
  ['mysql://u:canary#1@db/paste', '%23'],
  ['mysql://u:canary/1@db/paste', '%2F'],
  ['mysql://u:canary?1@db/paste', '%3F'],
  ['mysql://u:canary%@db/paste', 'itself is %25'],
  ['mysql:///paste', 'names no host'],
  ['mysql://u:canary@db/paste?charset=latin1', 'not known here'],
  ['mysql://u:canary@db/paste?ssl-mode=PREFERRED', 'one of DISABLED'],
  ['mysql://u:canary@db/paste?ssl=1', 'wants ssl=true'],
  ['mysql://u:canary@db/paste?ssl=true&ssl-mode=DISABLED', 'more than once'],
  ['mysql://u:canary@10.0.0.1/paste?ssl=true', 'VERIFY_CA'],
  ['mysql://u:canary@a,b/paste?ssl-mode=VERIFY_IDENTITY', 'VERIFY_CA'],
])('%s is refused with words that do not hold the password', (given, words) => {
  expect(() => mysqlUrl(given)).toThrow(words)
  expect(() => mysqlUrl(given)).not.toThrow('canary')
})
