export { grammarsOf } from './grammars.ts'
export { createHighlighter, type Highlighter, type Rendered } from './highlighter.ts'
export { LANGUAGES, languageLabel, languageOf, languageOfFile, TERMINAL } from './languages.ts'
