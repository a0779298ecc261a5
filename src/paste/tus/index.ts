export { resumableRoutes } from './routes.ts'
export { createResumableUploads, type ResumableUploads } from './uploads.ts'
