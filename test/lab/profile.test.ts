import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { loadProfile, parseProfile } from './profile.ts'

const FOLDER = fileURLToPath(new URL('../../config/load', import.meta.url))
const GOOD = `name: good
about: reads
population:
  pastes: 10
  sizes: { bytes: 100 }
arrivals:
  process: poisson
  rates: [10]
  seconds: 1
mix:
  - operation: read
    share: 1
`

test.each(readdirSync(FOLDER).filter((file) => file.endsWith('.yaml')))(
  '%s is a profile and carries its own name',
  (file) => {
    expect(`${loadProfile(join(FOLDER, file)).profile.name}.yaml`).toBe(file)
  },
)

describe('a profile that is wrong is refused with its line and what to write', () => {
  test.each([
    [
      'an unknown name',
      GOOD.replace('  seconds: 1', '  second: 1'),
      'p:9: arrivals has no second; it has process, rates',
    ],
    ['a missing one', GOOD.replace('  seconds: 1\n', ''), 'p:6: arrivals lacks seconds'],
    ['an unknown operation', GOOD.replace('read\n', 'raed\n'), 'p:11: mix.0.operation is one of read, range, page'],
    ['a wrong type', GOOD.replace('pastes: 10', 'pastes: ten'), 'p:4: population.pastes must be integer (Pastes that'],
    ['a number out of range', GOOD.replace('share: 1', 'share: 0'), 'p:12: mix.0.share must be > 0'],
    ['no YAML', 'name: [', 'p:1: '],
    ['no rates', GOOD.replace('  rates: [10]\n', ''), 'p:6: arrivals wants one of rates, ladder or bursts'],
    ['a create without sizes', GOOD.replace('operation: read', 'operation: create'), 'p:11: a create wants sizes'],
    ['a delete of nothing', GOOD.replace('operation: read', 'operation: delete'), 'a delete wants a create in the mix'],
  ])('%s', (_, text, message) => {
    expect(() => parseProfile(text, 'p')).toThrow(message)
  })
})
