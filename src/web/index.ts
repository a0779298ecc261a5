export { type DashboardDeps, pageSecurityHeaders, type WebDeps, type WebLimits } from './page/index.ts'
export { type PageProblem, renderProblemPage } from './pages/index.ts'
export { webRoutes } from './routes.ts'
