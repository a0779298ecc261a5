export { DataFolderInUse } from './folder-in-use.ts'
export { lockDataFolder } from './lock.ts'
export { createSqlite } from './sqlite.ts'
