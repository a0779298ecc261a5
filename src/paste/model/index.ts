export { contentEtag, currentEtags, metadataEtag, selectionEtag, zstdEtag } from './etags.ts'
export {
  type Body,
  type Claimed,
  type CreatedPaste,
  type Excerpt,
  type ExcerptRange,
  OPTION_NAMES,
  type Paste,
  type PasteChange,
  type PasteOptions,
  type Pastes,
  type Preconditions,
  type Visibility,
} from './paste.ts'
