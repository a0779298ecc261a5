export { mostRowCharacters, renderColoured, renderPlain, renderTerminal, rowsFit, type Shape } from './render-text.ts'
export { escapeText } from './split-lines.ts'
