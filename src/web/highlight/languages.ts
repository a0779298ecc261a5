import { isGrammar } from './grammars.ts'

/** A language that the form offers: its highlight.js name, its label, and the file endings that mean it. */
export type Language = { name: string; label: string; endings: readonly string[] }

const TABLE = `
plaintext|Plain text|txt text plain
bash|Bash|sh zsh shell
c|C|h
cpp|C++|cc cxx hpp hh c++
csharp|C#|cs c#
clojure|Clojure|clj cljs edn
cmake|CMake|cmake
css|CSS|css
dart|Dart|dart
diff|Diff|patch
dockerfile|Dockerfile|docker
elixir|Elixir|ex exs
erlang|Erlang|erl hrl
fsharp|F#|fs fsx
go|Go|golang
graphql|GraphQL|gql
groovy|Groovy|gradle
haskell|Haskell|hs
xml|HTML, XML|html htm xhtml svg xsd xsl plist rss
http|HTTP|http
ini|INI, TOML|toml cfg conf properties
java|Java|java
javascript|JavaScript|js mjs cjs jsx
json|JSON|json5 jsonc jsonl ndjson webmanifest
julia|Julia|jl
kotlin|Kotlin|kt kts
latex|LaTeX|tex sty
less|Less|less
lisp|Lisp|el lsp
log|Log|out syslog
lua|Lua|lua
makefile|Makefile|mk make
markdown|Markdown|md mkd
matlab|MATLAB|m
nginx|nginx|nginxconf
nix|Nix|nix
objectivec|Objective-C|mm objc
ocaml|OCaml|ml mli
perl|Perl|pl pm
php|PHP|php phtml
pgsql|PostgreSQL|psql
powershell|PowerShell|ps1 psm1 ps
protobuf|Protocol Buffers|proto
python|Python|py pyi gyp
r|R|rscript
ruby|Ruby|rb gemspec rake
rust|Rust|rs
scala|Scala|sc
scss|SCSS|sass
sql|SQL|ddl dml
swift|Swift|swift
typescript|TypeScript|ts tsx mts cts
vim|Vim script|vimrc
wasm|WebAssembly|wat wast
yaml|YAML|yml
`

/** The languages of the form's list, by label. Any other highlight.js name works too when it is given by REST. */
export const LANGUAGES: readonly Language[] = TABLE.trim()
  .split('\n')
  .map((row) => {
    const [name = '', label = '', endings = ''] = row.split('|')
    return { name, label, endings: endings.split(' ') }
  })

/** What is no grammar: text as a terminal shows it. */
export const TERMINAL = 'terminal'

const byWord = new Map(LANGUAGES.flatMap(({ name, endings }) => [...endings, name].map((word) => [word, name])))
const labels = new Map([...LANGUAGES.map(({ name, label }) => [name, label] as const), [TERMINAL, 'Terminal output']])

/**
 * The highlight.js name that a word means: a language's name, an alias or a file ending, in any case. Undefined when
 * there is no such grammar.
 */
export function languageOf(word: string | null | undefined): string | undefined {
  const lower = word?.toLowerCase()
  if (lower === undefined) return undefined
  return byWord.get(lower) ?? (isGrammar(lower) ? lower : undefined)
}

/** The language that a file's name means by its ending (`Makefile` and `Dockerfile` by themselves), if any is known. */
export function languageOfFile(fileName: string | null): string | undefined {
  if (fileName === null) return undefined
  const word = fileName.slice(fileName.lastIndexOf('.') + 1).toLowerCase()
  return byWord.get(word)
}

/** What to call a language on a page. */
export function languageLabel(name: string): string {
  return labels.get(name) ?? name
}
