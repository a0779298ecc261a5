export { createGrep, type Grep, type Search, type SearchResult } from './grep.ts'
