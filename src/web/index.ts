export type { DashboardDeps, WebDeps, WebLimits } from './page/index.ts'
export { pageSecurityHeaders } from './page/index.ts'
export { type PageProblem, renderProblemPage } from './pages/index.ts'
export { webRoutes } from './routes.ts'
