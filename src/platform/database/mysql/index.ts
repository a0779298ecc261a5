export { createMysql } from './mysql.ts'
export { REQUEST_LIMITS } from './options.ts'
