export { mostRowCharacters, renderColoured, renderPlain, rowsFit, type Shape } from './render-text.ts'
export { escapeText } from './split-lines.ts'
