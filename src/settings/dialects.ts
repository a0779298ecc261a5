/** The wire formats of other pastebins, by the name of the one that made it known. */
export const DIALECTS = [
  'haste',
  'bytebin',
  '0x0',
  'transfer.sh',
  'rustypaste',
  'pastebinit',
  'dpaste',
  'pinnwand',
  'wastebin',
  'pastebin-worker',
  'gist',
  'microbin',
  'privatebin',
] as const

type Dialect = (typeof DIALECTS)[number]

/** `all`, `off`, or names of {@link DIALECTS}, comma-separated. */
export function dialects(text: string): ReadonlySet<Dialect> {
  if (text === 'all') return new Set(DIALECTS)
  if (text === 'off') return new Set()
  const named = text.split(',').map((name) => name.trim())
  const known = DIALECTS.filter((name) => named.includes(name))
  if (known.length !== new Set(named).size) throw new Error(`wants all, off, or some of ${DIALECTS.join(', ')}`)
  return new Set(known)
}
