export { allowCrossOrigin } from './cors.ts'
export type { Problem, ProblemPage } from './problem.ts'
export { createHttpServer, type HttpOptions, type HttpServer } from './server.ts'
export { stopListening } from './stop-listening.ts'
