export { CHARSETS, canBeRead, charsetOf, decodeText } from './charset/index.ts'
export { type Content, createContent } from './content.ts'
export { decodeTrailer, type StoredContent } from './format/index.ts'
export type { SharedFrameCache } from './frames/index.ts'
export type { Search, SearchResult } from './grep/index.ts'
export { contentDisposition, disposition, sanitiseFileName } from './naming/index.ts'
export { copyObject, objectBytes, type Readable, readVerified } from './read/index.ts'
export type { ReceiveOptions } from './receive/index.ts'
export {
  createDiskStore,
  createObservedStore,
  createS3Store,
  createWatchedStore,
  type ObjectStore,
  type UnfinishedWrite,
} from './stores/index.ts'
