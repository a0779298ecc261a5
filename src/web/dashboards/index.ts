export { figureRoutes } from './dashboard-routes.ts'
