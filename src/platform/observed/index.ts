export { type DatabaseObserver, observedDialect } from './dialect.ts'
export { observedRedis, type RedisObserver } from './redis.ts'
