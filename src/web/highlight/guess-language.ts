// highlight.js guesses by counting keywords: prose scores as SQL, CSS as YAML. Signs that only one language has are
// fewer, and wrong less often. One sign is a hint, two make a guess; `sure` ones count as two.
type Signs = { language: string; sure?: readonly RegExp[]; hints?: readonly RegExp[] }

const TABLE: readonly Signs[] = [
  { language: 'diff', sure: [/^diff --git /m, /^--- \S.*\n\+\+\+ \S/m, /^@@ -\d+(,\d+)? \+\d/m] },
  { language: 'php', sure: [/^<\?php\b/m] },
  {
    language: 'xml',
    sure: [/^\s*<(\?xml|!doctype|html|svg)\b/i],
    hints: [/^\s*<[a-z][\w:-]*[ >/]/i, /<\/[a-z][\w:-]*>\s*$/i],
  },
  { language: 'json', hints: [/^\s*[[{]\s*["[{\]}\d]/, /"\s*:\s*["[{\d\-tfn]/, /[\]}]\s*$/] },
  {
    language: 'log',
    hints: [
      /^\S{0,2}\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d.*\n\S{0,2}\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/m,
      /^([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d ).*\n[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d/m,
      /^.{0,60}\b(INFO|WARN|WARNING|ERROR|DEBUG|TRACE|FATAL)\b/m,
      /^.{0,60}\w\[\d+\]: /m,
    ],
  },
  { language: 'go', sure: [/^package \w+[ \t]*$/m], hints: [/^func [\w(]/m, /\w := \S/] },
  {
    language: 'rust',
    hints: [/^[ \t]*(pub )?fn \w+[<(]/m, /\blet mut \w|^use \w+::|^impl\b.*\{/m, /\b(println|vec|format)!\s*[([]/],
  },
  {
    language: 'cpp',
    sure: [/\bstd::\w|^using namespace \w+;/m],
    hints: [/^#include <\w+>/m, /^template\s*<|^class \w+.*\{/m],
  },
  { language: 'c', sure: [/^#include\s*[<"][\w/]+\.h[>"]/m], hints: [/\bint main\(/, /\b(printf|malloc|sizeof)\(/] },
  { language: 'csharp', sure: [/^using System(\.\w+)*;/m], hints: [/^[ \t]*namespace [\w.]+/m] },
  {
    language: 'java',
    sure: [/^import java[\w.]*;/m],
    hints: [/\bpublic (static |final )*(class|interface|enum|void) \w/, /System\.out\.|@Override|^package [\w.]+;/m],
  },
  {
    language: 'typescript',
    sure: [/^[ \t]*(export )?(interface \w+.*\{|type \w+(<.*>)? =)/m, /^import type\b/m],
    hints: [/[\w)?]: (string|number|boolean|void|unknown)\b/, /\b(const|let) \w+.*=/],
  },
  {
    language: 'javascript',
    hints: [
      /\b(const|let|var) [\w{[][^=\n]{0,80}= /,
      /\) => |\b\w+ => |=> \{/,
      /\bfunction\b ?\w*\(.*\{/,
      /\bconsole\.\w+\(|\brequire\(['"]/,
      /^(import|export)\b.* from ['"]/m,
    ],
  },
  {
    language: 'python',
    hints: [
      /^[ \t]*(async )?(def|class) \w+.*:[ \t]*$/m,
      /^(from [\w.]+ )?import [\w., *]+$/m,
      /\bself\.\w|\bprint\(|\belif |__\w+__/,
    ],
  },
  {
    language: 'ruby',
    hints: [/^[ \t]*(def|module|class) [\w.?!:< ]+$/m, /^[ \t]*end$/m, /^require ['"]|\bputs |\bdo \|\w/m],
  },
  {
    language: 'bash',
    hints: [
      /^[ \t]*(if \[|for \w+ in .*; ?do|while .*; ?do)/m,
      /^[ \t]*(fi|done|esac)$/m,
      /^[ \t]*(export \w+=|set -[a-z]|echo ["$]|sudo )/m,
      /^\$ \w/m,
    ],
  },
  {
    language: 'sql',
    hints: [
      /^[ \t]*(select\b.*|insert into|create table|update \w+ set|alter table|delete from)\b/im,
      /\b(from|where|values|not null|varchar)\b.*[;,)][ \t]*$/im,
    ],
  },
  { language: 'css', hints: [/^[\w.#:@*,[\]='" >~+()-]{1,200}\{$/m, /^[ \t]+(--)?[a-z-]+: [^;{}]{1,200};$/m] },
  { language: 'dockerfile', hints: [/^FROM \S+/m, /^(RUN|COPY|CMD|ENTRYPOINT|WORKDIR) /m] },
  { language: 'ini', hints: [/^\[[\w. :"-]+\][ \t]*$/m, /^[\w.-]+ ?= ?\S/m] },
  { language: 'yaml', hints: [/^(---|[\w-]+:)( *#.*)?$/m, /^( {2,}|- )[\w.-]+: \S/m, /^[\w-]+: [\w"'./]+$/m] },
  {
    language: 'markdown',
    hints: [
      /^#{1,4} \S/m,
      /^```/m,
      /\[[^\]\n]{1,200}\]\([^)\s]{1,300}\)/,
      /^[-*] \S.*\n[-*] \S/m,
      /\*\*\w[^*\n]{0,200}\*\*/,
    ],
  },
]

const SAMPLE_CHARACTERS = 8_192
const LONG_LINE = /^(.{400}).*/gm
const INTERPRETERS: Record<string, string> = { sh: 'bash', zsh: 'bash', node: 'javascript' }

/**
 * The highlight.js name of the language that the first 8 KiB of a text are written in, or null: better no colours
 * than wrong ones. A `#!` line decides by itself. Only the beginning of each line counts: a sign may look at a line
 * once for each of its characters.
 */
export function guessLanguage(text: string): string | null {
  const sample = text.slice(0, SAMPLE_CHARACTERS).replace(LONG_LINE, '$1')
  const interpreter = /^#!.*\b(bash|sh|zsh|python|node|ruby|perl|php)/.exec(sample)?.[1]
  if (interpreter !== undefined) return INTERPRETERS[interpreter] ?? interpreter
  let best: string | null = null
  let most = 1
  for (const { language, sure = [], hints = [] } of TABLE) {
    const score = 2 * matches(sure, sample) + matches(hints, sample)
    if (score > most) {
      best = language
      most = score
    }
  }
  return best
}

function matches(signs: readonly RegExp[], sample: string): number {
  return signs.reduce((count, sign) => count + (sign.test(sample) ? 1 : 0), 0)
}
