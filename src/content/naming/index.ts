export { type Claim, decideMediaType } from './decide-media-type.ts'
export { contentDisposition, disposition } from './disposition.ts'
export { sanitiseFileName } from './file-name.ts'
