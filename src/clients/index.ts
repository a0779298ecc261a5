export { clientRoutes, otherHome } from './routes.ts'
export { createTermbin } from './termbin.ts'
