/**
 * The quality (0 to 1) that an Accept or Accept-Encoding header gives to `name` (RFC 9110 section 12.5), where
 * `*` (or `type/*`, any type) stands for what isn't named. Undefined when the header names neither.
 */
export function qualityOf(header: string, name: string): number | undefined {
  const family = `${name.split('/')[0]}/*`
  let best: { rank: number; quality: number } | undefined
  for (const part of header.split(',')) {
    const [range = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase())
    const rank = range === name ? 3 : range === family ? 2 : range === '*/*' || range === '*' ? 1 : 0
    if (rank === 0 || rank <= (best?.rank ?? 0)) continue
    const weight = parameters.find((parameter) => parameter.startsWith('q='))
    const quality = weight === undefined ? 1 : Number(weight.slice(2))
    best = { rank, quality: quality >= 0 && quality <= 1 ? quality : 0 }
  }
  return best?.quality
}

/** Whether `zstd` (RFC 8878) may be sent: named with a quality above 0; `*` alone is not enough to be safe. */
export function acceptsZstd(header: string | undefined): boolean {
  if (header === undefined || !header.includes('zstd')) return false
  return (qualityOf(header, 'zstd') ?? 0) > 0
}

/** Whether a client is a person's browser: it names text/html, which programs such as curl don't. */
export function prefersHtml(accept: string | undefined): boolean {
  return accept?.includes('text/html') === true && (qualityOf(accept, 'text/html') ?? 0) > 0
}
