export { dialectRoutes } from './dialects.ts'
export { originalRoutes } from './original.ts'
export { shellRoutes } from './shell.ts'
