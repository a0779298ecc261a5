/** The settings that a command line names: `A=1 B=2`, or `-` for none. Throws an Error that says what is wrong. */
export function settingsOf(text: string): Record<string, string> {
  if (text === '-') return {}
  const pairs = text.split(/\s+(?=[A-Z][A-Z0-9_]*=)/).map((pair) => /^([A-Z][A-Z0-9_]*)=(.*)$/s.exec(pair))
  return Object.fromEntries(
    pairs.map((match) => {
      if (!match) throw new Error(`${JSON.stringify(text)} is no setting: SETTING=value, or - for none`)
      return [match[1] ?? '', match[2] ?? '']
    }),
  )
}
