import { describe, expect, test } from 'vitest'
import { logError } from '../../src/platform/log-error.ts'
import { createLogger } from '../../src/platform/logger.ts'

const SECRET = 's3kr1t-passw0rd'

/** Errors as the drivers make them, with what they know of the request that failed. */
const FROM_DRIVERS = {
  ioredis: Object.assign(new Error('WRONGPASS invalid username-password pair'), {
    command: { name: 'auth', args: ['default', SECRET] },
    previousErrors: [Object.assign(new Error('x'), { command: { args: [SECRET] } })],
  }),
  mysql2: Object.assign(new Error("Duplicate entry 'x' for key 'PRIMARY'"), {
    ...{ code: 'ER_DUP_ENTRY', errno: 1062, sqlState: '23000' },
    sql: `insert into t values ('${SECRET}')`,
    parameters: [SECRET],
  }),
  aws: Object.assign(new Error('The request signature we calculated does not match'), {
    $response: { headers: { authorization: SECRET } },
    $metadata: { httpStatusCode: 403, secretAccessKey: SECRET },
  }),
  address: new Error(`connect ECONNREFUSED redis://default:${SECRET}@cache:6379/0`),
}

describe('an error in the log', () => {
  test.each(Object.entries(FROM_DRIVERS))('of %s has no secret, as itself or as a cause', (_name, error) => {
    const lines: string[] = []
    const output = { write: (line: string) => void lines.push(line), drop() {} }
    const logger = createLogger({ level: 'info', pretty: false, output: output as never })
    logger.error({ err: error }, 'it failed')
    logger.error({ err: new Error('outer', { cause: error }) }, 'it failed')
    expect(lines).toHaveLength(2)
    expect(lines.join('')).not.toContain(SECRET)
    expect(lines.join('')).toContain(error.message.slice(0, 12))
  })

  test('has what finds the cause: kind, code, where, and four causes at most', () => {
    let error: Error = FROM_DRIVERS.mysql2
    for (let depth = 0; depth < 9; depth++) error = new Error(`layer ${depth}`, { cause: error })
    expect(logError(FROM_DRIVERS.mysql2)).toMatchObject({ type: 'Error', code: 'ER_DUP_ENTRY', errno: 1062 })
    expect(JSON.stringify(logError(error)).match(/"layer \d"/g)).toHaveLength(5)
  })

  test('may be anything that was thrown', () => {
    expect(logError('text')).toEqual({ type: 'string', message: 'text' })
    expect(logError(undefined)).toEqual({ type: 'undefined', message: 'undefined' })
  })
})
