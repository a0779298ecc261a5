export { SELECTION_QUERY, SELECTION_RESPONSE } from './openapi.ts'
export { sendClaimed } from './send-claimed.ts'
export { createServeContent, needsClaim, type ServeContent, type Serving } from './serve.ts'
export { recordCreate, recordView } from './view-events.ts'
