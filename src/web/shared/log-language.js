/**
 * A grammar for server logs, which highlight.js lacks: times, levels, quoted text, numbers with their units. The same
 * on the server and in the browser.
 * @param {{ QUOTE_STRING_MODE: object }} hljs
 * @public
 */
export default function logLanguage(hljs) {
  return {
    name: 'Log',
    contains: [
      { scope: 'comment', match: /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?/ },
      { scope: 'comment', match: /\b[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d\b/ },
      { scope: 'deletion', match: /\b(?:FATAL|CRITICAL|ERROR|SEVERE|ERR|error|fatal)\b/ },
      { scope: 'number', match: /\b(?:WARN|WARNING|warn|warning)\b/ },
      { scope: 'type', match: /\b(?:INFO|NOTICE|info|notice)\b/ },
      { scope: 'comment', match: /\b(?:DEBUG|TRACE|debug|trace)\b/ },
      { ...hljs.QUOTE_STRING_MODE },
      { scope: 'literal', match: /\b\d+(?:\.\d+)*(?:ms|s|µs|KB|MB|GB|KiB|MiB|GiB|%)?\b/ },
    ],
  }
}
