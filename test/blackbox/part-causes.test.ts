import { Redis } from 'ioredis'
import { createConnection } from 'mysql2/promise'
import { describe, expect, onTestFinished, test } from 'vitest'
import { patiently } from '../patience.ts'
import {
  createBucket,
  createDatabase,
  freePort,
  s3Environment,
  startRedis,
  startS3Faults,
  whenService,
} from '../services/index.ts'
import { json, send, until } from './client.ts'
import { type Service, startService } from './service.ts'

const SECRET = 'canary%23%25word'

/** Starts the service, expects one line for a part before the words to its user, and the code in `/health/ready`. */
async function expectCause(environment: Record<string, string>, part: string, code: string): Promise<Service> {
  const service = await startService(environment)
  onTestFinished(() => service.stop())
  const answer = json<{ causes: Record<string, string> }>(await send(`${service.url}/health/ready`))
  expect(answer.causes).toEqual({ [part]: code })
  const lines = linesOf(service, part)
  expect(lines).toEqual([expect.stringContaining(`"cause":"${code}"`)])
  const output = service.output()
  expect(output).not.toContain('canary')
  // Redis is done without: the service is ready all the same.
  if (part !== 'redis') expect(output).toMatch(new RegExp(`waits for its ${part}.*, see the log`))
  return service
}

const linesOf = (service: Service, part: string) =>
  service
    .output()
    .split('\n')
    .filter((line) => line.includes(`"part":"${part}"`))

whenService('sql', ({ sql }) => {
  describe('a database that can not be used is said with its cause, once', () => {
    const at = (user: string, host = `127.0.0.1:${sql.port}`, name = 'nothing_here') =>
      `mysql://${user}@${host}/${name}`

    test('because of a wrong password', async () => {
      await expectCause({ DATABASE_URL: at(`root:${SECRET}`) }, 'database', 'wrong_password')
    })

    test('because of a host that nobody knows', async () => {
      await expectCause({ DATABASE_URL: at('root', 'nowhere.invalid') }, 'database', 'host_unknown')
    })

    test('because nothing listens', async () => {
      await expectCause({ DATABASE_URL: at('root', `127.0.0.1:${await freePort()}`) }, 'database', 'refused')
    })

    test('because there is no such database', async () => {
      await expectCause({ DATABASE_URL: at('root') }, 'database', 'no_database')
    })

    test('because the user has no right to it', async () => {
      const user = await createUser(sql.url)
      const database = await createDatabase(sql)
      onTestFinished(() => database.drop())
      const url = at(`${user}:${SECRET}`, `127.0.0.1:${sql.port}`, database.name)
      await expectCause({ DATABASE_URL: url }, 'database', 'missing_right')
    })

    test('because its certificate is signed by nobody we trust, or it has no TLS at all', async () => {
      const service = await startService({ DATABASE_URL: `${at('root')}?ssl-mode=VERIFY_CA` })
      onTestFinished(() => service.stop())
      expect(linesOf(service, 'database')).toEqual([expect.stringMatching(/"cause":"(certificate|tls)"/)])
    })
  })

  test('a user who must come by TLS is let in with ssl-mode=REQUIRED, and never without', async () => {
    const database = await createDatabase(sql)
    onTestFinished(() => database.drop())
    const user = await createUser(sql.url, `grant all on ${database.name}.* to`, 'require ssl')
    const url = `mysql://${user}:${SECRET}@127.0.0.1:${sql.port}/${database.name}`
    await expectCause({ DATABASE_URL: url }, 'database', 'wrong_password')
    // MariaDB before 11.4 has TLS only when it is given a certificate: without it, nothing is sent in the clear.
    if (!sql.product.startsWith('MySQL'))
      return void (await expectCause({ DATABASE_URL: `${url}?ssl-mode=REQUIRED` }, 'database', 'tls'))
    const service = await startService({ DATABASE_URL: `${url}?ssl-mode=REQUIRED`, MIGRATE_AT_START: 'true' })
    onTestFinished(() => service.stop())
    expect((await send(`${service.url}/health/ready`)).status).toBe(200)
  })

  test('a password with # and % in it works when it is percent-encoded', async () => {
    const database = await createDatabase(sql)
    onTestFinished(() => database.drop())
    const user = await createUser(sql.url, `grant all on ${database.name}.* to`)
    const url = `mysql://${user}:${SECRET}@127.0.0.1:${sql.port}/${database.name}`
    const service = await startService({ DATABASE_URL: url, MIGRATE_AT_START: 'true' })
    onTestFinished(() => service.stop())
    expect((await send(`${service.url}/health/ready`)).status).toBe(200)
  })
})

whenService('s3', ({ s3 }) => {
  const withKeys = (keys: { accessKeyId?: string; secretAccessKey?: string }, bucket = 'pastes') =>
    s3Environment({ ...s3, ...keys }, bucket)

  describe('a store that can not be used is said with its cause, once', () => {
    test('because of a wrong secret', async () => {
      const { name } = await createBucket(s3)
      await expectCause(withKeys({ secretAccessKey: 'canary' }, name), 'store', 'wrong_secret_key')
    })

    test('because of an access key that it does not know', async () => {
      const { name } = await createBucket(s3)
      await expectCause(withKeys({ accessKeyId: 'canary' }, name), 'store', 'unknown_access_key')
    })

    test('because nothing listens', async () => {
      const endpoint = `http://127.0.0.1:${await freePort()}`
      await expectCause(s3Environment({ ...s3, endpoint }, 'pastes'), 'store', 'refused')
    })

    test('because the key may not write, with the right that it lacks; and it is used by itself once it may', async () => {
      const faults = await startS3Faults(s3)
      onTestFinished(() => faults.stop())
      const { name } = await createBucket(s3)
      faults.fail('PutObject', { kind: 'refuse', status: 403, code: 'AccessDenied' }, Number.POSITIVE_INFINITY)
      const service = await expectCause({ ...s3Environment(faults, name), LOG_LEVEL: 'info' }, 'store', 'access_denied')
      expect(linesOf(service, 'store')[0]).toContain('s3:PutObject')
      faults.heal()
      await until(
        async () => linesOf(service, 'store'),
        ({ length }) => length === 2,
        patiently(10_000),
      )
      expect(linesOf(service, 'store')[1]).toContain('store available again')
    })
  })
})

whenService('redis', () => {
  describe('a Redis that can not be used is said with its cause, once', () => {
    test('because of a wrong password, or of none', async () => {
      const redis = await startRedis()
      onTestFinished(() => redis.stop())
      const client = new Redis(redis.url)
      await client.config('SET', 'requirepass', 'right')
      client.disconnect()
      for (const user of [':canary@', ''])
        await expectCause({ REDIS_URL: `redis://${user}127.0.0.1:${redis.port}` }, 'redis', 'wrong_password')
    })

    test('because nothing listens', async () => {
      await expectCause({ REDIS_URL: `redis://127.0.0.1:${await freePort()}` }, 'redis', 'refused')
    })
  })
})

/** Makes a user whose password is {@link SECRET}, decoded. */
async function createUser(server: string, grant?: string, wants = ''): Promise<string> {
  const connection = await createConnection(server)
  const user = `u${process.hrtime.bigint() % 1_000_000_000_000n}`
  try {
    await connection.query(`create user '${user}'@'%' identified by '${decodeURIComponent(SECRET)}' ${wants}`)
    if (grant) await connection.query(`${grant} '${user}'@'%'`)
  } finally {
    await connection.end()
  }
  return user
}
