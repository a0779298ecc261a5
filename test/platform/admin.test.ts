import fc from 'fast-check'
import type { FastifyRequest } from 'fastify'
import { describe, expect, test } from 'vitest'
import { AppError } from '../../src/core/index.ts'
import { requireAdmin } from '../../src/platform/index.ts'

const BROWSER = { accept: 'text/html,*/*;q=0.8', userAgent: 'Mozilla/5.0' }

const refusal = (
  authorization: string | undefined,
  { accept = '*/*', userAgent = 'curl/8', token = 'sesame' as string | null } = {},
) => {
  try {
    requireAdmin({ headers: { authorization, accept, 'user-agent': userAgent } } as FastifyRequest, token ?? undefined)
    return undefined
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { code: error.code, challenge: error.headers['www-authenticate'] }
  }
}
const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`

describe('what is for the operator', () => {
  test('is open to all where there is no token', () => {
    expect(refusal(undefined, { token: null })).toBeUndefined()
  })

  test('takes the token as Bearer, and as the password of any user', () => {
    expect(refusal('Bearer sesame')).toBeUndefined()
    expect(refusal('bearer sesame')).toBeUndefined()
    expect(refusal(basic('operator:sesame'))).toBeUndefined()
    expect(refusal(basic(':sesame'))).toBeUndefined()
  })

  test('takes a token with colons and letters beyond ASCII as a password', () => {
    expect(refusal(basic('me:öffne:dich'), { token: 'öffne:dich' })).toBeUndefined()
  })

  test('has a browser ask its user, and nobody else', () => {
    expect(refusal(undefined, BROWSER)).toMatchObject({
      code: 'token_required',
      challenge: expect.stringContaining('Basic realm='),
    })
    expect(refusal(undefined)).toEqual({ code: 'token_required', challenge: 'Bearer' })
  })

  test('has a browser ask again after a wrong password', () => {
    expect(refusal(basic('me:wrong'), { accept: 'text/html' })).toMatchObject({
      code: 'token_required',
      challenge: expect.stringContaining('Basic realm='),
    })
    expect(refusal('Bearer wrong')).toEqual({ code: 'token_invalid', challenge: undefined })
  })

  test('opens to nothing else', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map(basic),
          fc.string().map((text) => `Bearer ${text}`),
        ),
        (given) => {
          fc.pre(!given.includes('sesame') && given !== basic(':sesame'))
          expect(refusal(given)).toBeDefined()
        },
      ),
    )
  })
})
