export { clientRoutes, otherHome } from './routes.ts'
