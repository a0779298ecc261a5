import { mysqlUrl } from './mysql-url.ts'
import { flag, origin, setting, text, word } from './parsers.ts'
import { redisUrl } from './redis-url.ts'

/** Where content, rows and shared state lie. */
export const STORAGE_SETTINGS = {
  databaseUrl: setting(
    'DATABASE_URL',
    'MySQL or MariaDB, `mysql://user:password@host:3306/name`, also `host1,host2:3306`; TLS with `?ssl-mode=VERIFY_IDENTITY`, `VERIFY_CA` or `REQUIRED`; absent: SQLite in `DATA_DIR`',
    undefined,
    mysqlUrl,
    true,
  ),
  s3Endpoint: setting(
    'S3_ENDPOINT',
    'S3-compatible store, such as `https://s3.example`; absent: files in `DATA_DIR`',
    undefined,
    origin,
  ),
  s3Bucket: setting('S3_BUCKET', 'Bucket; made when missing and permitted', 'pastes', text),
  s3Region: setting('S3_REGION', 'Region', 'us-east-1', text),
  s3AccessKeyId: setting('S3_ACCESS_KEY_ID', 'Access key', undefined, text, true),
  s3SecretAccessKey: setting('S3_SECRET_ACCESS_KEY', 'Secret key', undefined, text, true),
  s3ForcePathStyle: setting(
    'S3_FORCE_PATH_STYLE',
    'Bucket in the path (most self-hosted stores) or in the host name',
    'true',
    flag,
  ),
  redisUrl: setting(
    'REDIS_URL',
    'Shared cache and rate limits: `redis://user:password@host:6379/0`, `redis+sentinel://host:26379,host:26379/name` or `redis+cluster://host:6379,host:6379`; `rediss` for TLS; absent: in memory',
    undefined,
    redisUrl,
    true,
  ),
  migrate: setting(
    'MIGRATE_AT_START',
    'Bring the schema up to date at start: `auto` does so when embedded',
    'auto',
    word('auto', 'true', 'false'),
  ),
}
