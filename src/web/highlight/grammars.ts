// Grammars that another one hands parts of its text to.
const EMBEDDED: Record<string, string[]> = { xml: ['css', 'javascript'], markdown: ['xml'], php: ['xml'] }

/** A grammar and all it embeds, by highlight.js name, those first that others need. */
export function grammarsOf(name: string): string[] {
  const inner = (EMBEDDED[name] ?? []).flatMap(grammarsOf)
  return [...new Set([...inner, name])]
}
