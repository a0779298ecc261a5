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
  type PasteFacts,
  type PasteOptions,
  type Preconditions,
  REMOVAL_REASONS,
  type RemovalReason,
  type Visibility,
} from './paste.ts'
export type { Pastes } from './pastes.ts'
