export { reservedWords } from './reserved.ts'
export {
  CUSTOM_SLUG_PATTERN,
  checkCustomSlug,
  generateObjectKey,
  generateSlug,
  isGuessable,
  isObjectKey,
  isSlug,
  SLUG_CHARACTER,
} from './slug.ts'
export { checkTarget } from './target.ts'
