import type { ServiceName } from './catalogue.ts'
import type { RedisCoordinates } from './redis.ts'
import type { S3Coordinates } from './s3.ts'
import type { SqlCoordinates } from './sql-server.ts'

/** A program that tests start themselves. */
export type Program = { path: string }

/**
 * What a suite gets of each service that it asks for: of S3, Redis and `sql` (MySQL where it can be had, else MariaDB;
 * TEST_SQL names another) one server shared by the whole run.
 */
export type Services = { sql: SqlCoordinates & { name: string }; s3: S3Coordinates; redis: RedisCoordinates } & {
  [Name in Exclude<ServiceName, 's3' | 'redis'>]: Program
}

/** What the main process hands to the test files. */
export type Provided = {
  /** Where requests for services go. */
  folder: string
  /** Whether a missing service is a failure: with CI=true. */
  required: boolean
}

declare module 'vitest' {
  export interface ProvidedContext {
    services: Provided
  }
}

/** How the name of a suite begins that stands in for one that did not run; the end of the run lists them. */
export const DID_NOT_RUN = 'did not run: '
