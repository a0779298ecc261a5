export { SELECTION_ANSWER, SELECTION_QUERY } from './openapi.ts'
export { sendClaimed } from './send-claimed.ts'
export { createServeContent, needsClaim, type ServeContent, type Serving } from './serve.ts'
export { made, viewed } from './view-events.ts'
