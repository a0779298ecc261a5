export { pasteName } from './paste-page.ts'
export { createPasteRoute } from './paste-route.ts'
export { createReveal } from './reveal-page.ts'
