import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDatabase, type Database, whenService } from '../services/index.ts'
import { codeOf, json, postRaw, send } from './client.ts'
import { type Service, startService } from './service.ts'
import { expectNotReady, expectRecovery, expectUnavailable } from './unavailable.ts'

const MIGRATE = fileURLToPath(new URL('../../src/commands/migrate.ts', import.meta.url))
const remedyLines = (output: string) => output.split('\n').filter((line) => line.includes('npm run migrate'))

whenService('sql', ({ sql }) => {
  describe('a replica on an empty database', () => {
    let database: Database
    let service: Service
    beforeAll(async () => {
      database = await createDatabase(sql)
      service = await startService({ DATABASE_URL: database.url })
    })
    afterAll(async () => {
      await service?.stop()
      await database?.drop()
    })

    test('starts, and does not claim to be ready', async () => {
      expect(service.output()).not.toContain('is ready')
      await expectNotReady(service.url, 'schema')
      expect(json(await send(`${service.url}/health/ready`))).toMatchObject({ parts: { database: 'ok' } })
    })

    test('answers 503 and when to try again, to whatever needs a row', async () => {
      await expectUnavailable(() => postRaw(service.url, 'too early'), ['schema_mismatch'])
      await expectUnavailable(() => send(`${service.url}/raw/nobody-has-it`), ['schema_mismatch'])
      await expectUnavailable(() => send(`${service.url}/api/v1/pastes`), ['schema_mismatch'])
    })

    test('says once, in one line, what the operator runs', () => {
      expect(remedyLines(service.output())).toEqual([expect.stringMatching(/"level":50.*no tables yet/)])
    })

    test('is ready by itself after that', async () => {
      const { stdout } = await promisify(execFile)(process.execPath, [MIGRATE], {
        env: { PATH: process.env.PATH, DATABASE_URL: database.url },
      })
      expect(stdout).toMatch(/^applied 0001-pastes/)
      await expectRecovery(service.url)
      expect(service.output()).not.toMatch(/\bat .*\.ts:\d/)
    })
  })
})

describe('an embedded server that must not migrate', () => {
  test('waits as well, and says that it has to be stopped first', async () => {
    const service = await startService({ MIGRATE_AT_START: 'false' })
    expect(codeOf(await postRaw(service.url, 'too early'))).toBe('schema_mismatch')
    expect(remedyLines(service.output())).toEqual([expect.stringContaining('stop this server and run')])
    await service.stop()
  })
})
