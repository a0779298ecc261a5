import { expect, test } from 'vitest'
import { createBreaker } from '../../../src/platform/redis/breaker.ts'

function setUp() {
  let nowMs = 0
  const breaker = createBreaker({ clock: { now: () => nowMs }, failures: 5, openMs: 2_000 })
  const pass = (ms: number) => {
    nowMs += ms
  }
  return { breaker, pass }
}

test('five quick failures in a row open the breaker', () => {
  const { breaker } = setUp()
  for (let failure = 0; failure < 4; failure++) breaker.failed(false)
  expect(breaker.allows()).toBe(true)
  breaker.failed(false)
  expect(breaker.allows()).toBe(false)
})

test('a success between failures starts the count again', () => {
  const { breaker } = setUp()
  for (let failure = 0; failure < 4; failure++) breaker.failed(false)
  breaker.succeeded()
  for (let failure = 0; failure < 4; failure++) breaker.failed(false)
  expect(breaker.state()).toBe('closed')
})

test('one slow failure opens the breaker', () => {
  const { breaker } = setUp()
  breaker.failed(true)
  expect(breaker.allows()).toBe(false)
})

test('after its time one probe is let through, and decides', () => {
  const { breaker, pass } = setUp()
  breaker.failed(true)
  pass(1_999)
  expect(breaker.allows()).toBe(false)
  pass(1)
  expect(breaker.allows()).toBe(true)
  expect(breaker.allows()).toBe(false)
  breaker.failed(false)
  expect(breaker.allows()).toBe(false)
  pass(2_000)
  expect(breaker.allows()).toBe(true)
  breaker.succeeded()
  expect(breaker.allows()).toBe(true)
})
