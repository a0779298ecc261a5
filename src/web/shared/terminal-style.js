/**
 * How a terminal shows text. Colours are 0 to 7 (black, red, green, yellow, blue, magenta, cyan, white) and 8 to 15, the
 * bright ones; null: the page's own.
 * @typedef {object} TerminalStyle
 * @property {number | null} ink
 * @property {number | null} ground
 * @property {boolean} bold
 * @property {boolean} dim
 * @property {boolean} italic
 * @property {boolean} underline
 * @property {boolean} strike
 * @property {boolean} inverse
 * @property {string | null} link an http(s) address
 * @public
 */

const MOST_PARAMETERS = 32

/**
 * Text as the page shows it.
 * @type {TerminalStyle}
 * @public
 */
export const PLAIN = {
  ink: null,
  ground: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  strike: false,
  inverse: false,
  link: null,
}

/** @type {Record<number, Partial<TerminalStyle>>} */
const SWITCHES = {
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { strike: true },
  21: { underline: true },
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underline: false },
  27: { inverse: false },
  29: { strike: false },
  39: { ink: null },
  49: { ground: null },
}

/**
 * The style after a "select graphic rendition" (ECMA-48, 8.3.117); what is unknown changes nothing.
 * @param {TerminalStyle} style
 * @param {string} parameters such as `1;31` or `38;5;208`
 * @returns {TerminalStyle}
 * @public
 */
export function selectRendition(style, parameters) {
  const numbers = parameters
    .slice(0, 8 * MOST_PARAMETERS)
    .split(/[;:]/, MOST_PARAMETERS)
    .map(Number)
  let next = style
  for (let at = 0; at < numbers.length; at++) {
    const number = numbers[at] ?? 0
    if (number === 0) next = { ...PLAIN, link: style.link }
    else if (number === 38 || number === 48) {
      const { colour, used } = extended(numbers, at + 1)
      at += used
      if (colour !== null) next = { ...next, ...(number === 38 ? { ink: colour } : { ground: colour }) }
    } else if (SWITCHES[number]) next = { ...next, ...SWITCHES[number] }
    else if (number >= 30 && number <= 37) next = { ...next, ink: number - 30 }
    else if (number >= 40 && number <= 47) next = { ...next, ground: number - 40 }
    else if (number >= 90 && number <= 97) next = { ...next, ink: number - 82 }
    else if (number >= 100 && number <= 107) next = { ...next, ground: number - 92 }
  }
  return next
}

/**
 * A colour of 256 or of 16 million, as the nearest of the 16: only of these it is known that they can be read.
 * @param {number[]} numbers
 * @param {number} at where the kind stands: 5 or 2
 * @returns {{ colour: number | null, used: number }}
 */
function extended(numbers, at) {
  if (numbers[at] === 5) return { colour: ofPalette(numbers[at + 1] ?? 0), used: 2 }
  if (numbers[at] !== 2) return { colour: null, used: 0 }
  const [red = 0, green = 0, blue = 0] = numbers.slice(at + 1, at + 4)
  return { colour: nearest(red, green, blue), used: 4 }
}

/** @param {number} index @returns {number | null} */
function ofPalette(index) {
  if (!(index >= 0 && index <= 255)) return null
  if (index < 16) return index
  if (index >= 232) return nearest(...grey(8 + (index - 232) * 10))
  const level = (/** @type {number} */ step) => (step === 0 ? 0 : 55 + 40 * step)
  const cube = index - 16
  return nearest(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6))
}

/** @param {number} light @returns {[number, number, number]} */
function grey(light) {
  return [light, light, light]
}

// By sixths of the circle of hues: red, yellow, green, cyan, blue, magenta.
const HUES = [1, 3, 2, 6, 4, 5]

/** @param {number} red @param {number} green @param {number} blue @returns {number} */
function nearest(red, green, blue) {
  const most = Math.max(red, green, blue)
  const spread = most - Math.min(red, green, blue)
  if (spread < 48) return most < 64 ? 0 : most < 150 ? 8 : most < 220 ? 7 : 15
  const hue =
    most === red
      ? ((green - blue) / spread + 6) % 6
      : most === green
        ? (blue - red) / spread + 2
        : (red - green) / spread + 4
  return (HUES[Math.round(hue) % 6] ?? 7) + (most > 205 ? 8 : 0)
}

/**
 * The classes that show a style; empty for plain text.
 * @param {TerminalStyle} style
 * @public
 */
export function classesOf({ ink, ground, bold, dim, italic, underline, strike, inverse }) {
  const back = inverse ? (ink ?? 'text') : ground
  // On a coloured ground the ink is the page's: no other is sure to be read there.
  const names = back !== null ? [`on-${back}`] : ink !== null ? [`ink-${ink}`] : dim ? ['dim'] : []
  if (bold) names.push('bold')
  if (italic) names.push('italic')
  if (underline) names.push('underline')
  if (strike) names.push('strike')
  return names.map((name) => `tty-${name}`).join(' ')
}
