import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { raw, request } from './support/message.ts'
import { useService } from './support/service.ts'

const OWNER = '192.0.2.1'
const OTHER = '192.0.2.2'

describe('an Idempotency-Key of another client', () => {
  const service = useService({ TRUSTED_PROXIES: '127.0.0.1' })
  const fields = (key: string, address: string) => ({ 'Idempotency-Key': key, 'X-Forwarded-For': address })
  const make = async (key: string, address: string) => {
    const answer = await service.ask(raw('the same text', fields(key, address)))
    expect(answer.status).toBe(201)
    return answer.json()
  }
  const begin = async (key: string, address: string) => {
    const upload = { 'Tus-Resumable': '1.0.0', 'Upload-Length': '100', ...fields(key, address) }
    const answer = await service.ask(request('POST /api/v1/uploads', upload, ''))
    expect(answer.status).toBe(201)
    return answer.headers
  }

  test.for(['nightly-build', 'release-2026-12-01-of-main', '0123456789abcdef'])(
    'gives neither its edit token nor its paste where it may be guessed: %s',
    async (key) => {
      const [owner, other, again] = [await make(key, OWNER), await make(key, OTHER), await make(key, OWNER)]
      expect(other.slug).not.toBe(owner.slug)
      expect(other.editToken).not.toBe(owner.editToken)
      expect(again).toMatchObject({ slug: owner.slug, editToken: owner.editToken })
    },
  )

  test('gives neither its upload nor the token of it where it may be guessed', async () => {
    const [owner, other, again] = [await begin('up', OWNER), await begin('up', OTHER), await begin('up', OWNER)]
    expect(other.location).not.toBe(owner.location)
    expect(other['x-edit-token']).not.toBe(owner['x-edit-token'])
    expect(again.location).toBe(owner.location)
  })

  test('can not be written into the key', async () => {
    const answer = await service.ask(raw('x', fields(`nightly-build ${OWNER}`, OTHER)))
    expect([answer.status, answer.json().code]).toEqual([400, 'invalid_idempotency_key'])
  })

  test.for([randomUUID(), randomUUID().replaceAll('-', '')])(
    'is the same one where it is random, as phones change their address: %s',
    async (key) => {
      const [owner, again] = [await make(key, OWNER), await make(key, OTHER)]
      expect(again).toMatchObject({ slug: owner.slug, editToken: owner.editToken })
    },
  )
})
