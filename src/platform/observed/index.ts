export { observeWith } from './observe-with.ts'
export { type DatabaseObserver, observedDialect } from './observed-dialect.ts'
export { observedRedis, type RedisObserver } from './observed-redis.ts'
