import { describe, expect, test } from 'vitest'
import { descriptorLimit, mostConnections } from '../../../src/platform/http/connection-limit.ts'

describe('connections of clients', () => {
  test.each([
    [256, 128],
    [1_024, 768],
    [65_536, 64_512],
    [100, 16],
  ])('of %i descriptors are at most %i', (descriptors, connections) => {
    expect(mostConnections(descriptors)).toBe(connections)
  })

  test('have no limit where the system tells none', () => {
    expect(mostConnections(descriptorLimit('/nowhere'))).toBeUndefined()
  })
})

test.runIf(process.platform === 'linux')('the limit of descriptors is what the kernel says', () => {
  expect(descriptorLimit()).toBeGreaterThan(100)
})
