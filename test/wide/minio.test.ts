import { startMinio } from '../services/minio.ts'
import { storeSuites } from './store-suites.ts'

storeSuites('MinIO', startMinio)
