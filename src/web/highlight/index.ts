export { grammarsOf } from './grammars.ts'
export { createHighlighter, type Highlighter } from './highlighter.ts'
export { LANGUAGES, languageLabel, languageOf, languageOfFile } from './languages.ts'
