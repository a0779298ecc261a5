import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const css = ['base.css', 'syntax.css', 'terminal.css', 'tones.css']
  .map((name) => readFileSync(new URL(`../../../src/web/browser/styles/${name}`, import.meta.url), 'utf8'))
  .join('\n')
const tokens = Object.fromEntries(
  [...css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(([, name, ...pair]) => [name, pair]),
)

// WCAG 2.2, relative luminance and contrast ratio.
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

const PAIRS = ['text', 'muted', 'keyword', 'string', 'number', 'function', 'type', 'tag', 'danger', 'accent'].flatMap(
  (ink) => ['bg', 'surface', 'mark'].map((ground) => [ink, ground] as const),
)

const TERMINAL = Array.from({ length: 9 }, (_, colour) => `tty-${colour}`)

// What is drawn rather than written needs less (WCAG 2.2, 1.4.11).
const DRAWN = ['1', '2', '3', '4', '5', '6'].map((number) => `plot-${number}`)

describe.each(['light', 'dark'])('in %s colours', (theme) => {
  const at = theme === 'light' ? 0 : 1
  test.each(PAIRS)('%s on %s can be read', (ink, ground) => {
    expect(contrast(tokens[ink]?.[at] ?? '', tokens[ground]?.[at] ?? '')).toBeGreaterThanOrEqual(4.5)
  })
  test.each(TERMINAL)('%s can be read, and what stands on it', (ink) => {
    for (const ground of ['surface', 'mark'])
      expect(contrast(tokens[ink]?.[at] ?? '', tokens[ground]?.[at] ?? '')).toBeGreaterThanOrEqual(4.5)
  })
  test.each([...DRAWN, 'danger', 'warn'])('%s stands out from the ground', (ink) => {
    for (const ground of ['bg', 'surface'])
      expect(contrast(tokens[ink]?.[at] ?? '', tokens[ground]?.[at] ?? '')).toBeGreaterThanOrEqual(3)
  })
})
