/** Reserved although no route uses them: they would mislead users, or a later route may need them. */
const KEPT_BACK = [
  'about',
  'abuse',
  'admin',
  'api',
  'assets',
  'burn',
  'claim',
  'content',
  'copy',
  'curl',
  'delete',
  'dmca',
  'docs',
  'documents',
  'download',
  'edit',
  'embed',
  'favicon',
  'file',
  'form',
  'getobject',
  'gists',
  'health',
  'healthz',
  'help',
  'index',
  'internal',
  'legal',
  'link',
  'links',
  'list',
  'login',
  'logout',
  'metrics',
  'my',
  'new',
  'null',
  'oembed',
  'p',
  'paste',
  'pastes',
  'performance',
  'post',
  'privacy',
  'qr',
  'raw',
  'readyz',
  'recent',
  'report',
  'reveal',
  'robots',
  'robots-txt',
  'search',
  'security',
  'settings',
  'share',
  'signup',
  'sitemap',
  'static',
  'stats',
  'status',
  'terms',
  'undefined',
  'upload',
  'well-known',
  'www',
]

/**
 * The reserved words, lower case: the first path segment of every route (`/raw/:slug` gives `raw`) and the words
 * kept back. Adding a route reserves its word.
 */
export function reservedWords(routePaths: Iterable<string>): Set<string> {
  const words = new Set(KEPT_BACK)
  for (const path of routePaths) {
    const segment = path.split('/')[1] ?? ''
    if (segment !== '' && !/[:*]/.test(segment)) words.add(segment.toLowerCase().replace(/\..*$/, ''))
  }
  return words
}
