export type { WebDeps, WebLimits } from './deps.ts'
export { pageSecurityHeaders } from './headers.ts'
export { type PageProblem, renderProblemPage } from './problem-page.ts'
export { webRoutes } from './routes.ts'
