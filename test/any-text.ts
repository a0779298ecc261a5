import fc from 'fast-check'

/** Any string of whole code points. As `unit: 'binary'`, which takes most of a second to be built. */
export function anyText(constraints: fc.StringSharedConstraints = {}): fc.Arbitrary<string> {
  const codePoints = fc.integer({ min: 0, max: 0x10_ffff - 0x800 })
  // Without the halves of surrogate pairs.
  const unit = codePoints.map((code) => String.fromCodePoint(code < 0xd800 ? code : code + 0x800))
  return fc.string({ ...constraints, unit })
}
