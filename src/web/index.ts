export { type DashboardDeps, pageSecurityHeaders, type WebDeps, type WebLimits } from './page/index.ts'
export { createProblemPages, type PageProblem } from './pages/index.ts'
export { webRoutes } from './routes.ts'
