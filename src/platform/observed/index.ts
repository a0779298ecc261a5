export { type DatabaseObserver, observedDialect } from './dialect.ts'
export { observeWith } from './observe-with.ts'
export { observedRedis, type RedisObserver } from './redis.ts'
