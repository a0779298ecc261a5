import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createS3Store, type ObjectStore } from '../../../src/content/index.ts'
import { describeObjectStore, listKeys, putObject, randomKey } from '../../contracts/object-store.ts'
import { patiently } from '../../patience.ts'
import {
  type Bucket,
  createBucket,
  type S3Coordinates,
  type S3Faults,
  startS3Faults,
  whenService,
} from '../../services/index.ts'

const MIB = 1024 * 1024
const IMPATIENT = { connectMs: 300, idleMs: 300, answerMs: 300 }

whenService('s3', ({ s3 }) => {
  const openStore = (at: S3Coordinates, bucket: string, timeouts?: typeof IMPATIENT) =>
    createS3Store({ ...at, bucket, ...(timeouts && { timeouts }) })

  describeObjectStore('S3', async () => openStore(s3, (await createBucket(s3)).name))

  describe('the object store on an S3 storage that misbehaves', () => {
    let bucket: Bucket
    let faults: S3Faults
    let direct: ObjectStore
    let store: ObjectStore
    let impatient: ObjectStore
    beforeAll(async () => {
      bucket = await createBucket(s3)
      faults = await startS3Faults(s3)
      direct = await openStore(s3, bucket.name)
      store = await openStore(faults, bucket.name)
      impatient = await openStore(faults, bucket.name, IMPATIENT)
    })
    afterEach(() => faults.heal())
    afterAll(async () => {
      await Promise.all([direct.close(), store.close(), impatient.close()])
      await faults.stop()
    })
    const unavailable = { code: 'storage_unavailable' }

    test('a read that is cut short is refused', async () => {
      const key = randomKey()
      await putObject(direct, key, randomBytes(100_000))
      faults.fail('GetObject', { kind: 'truncate', afterBytes: 5000 }, Number.POSITIVE_INFINITY)
      await expect(store.read(key, 0, 100_000)).rejects.toMatchObject(unavailable)
    })

    test('a read that stalls ends after the idle time', async () => {
      const key = randomKey()
      await putObject(direct, key, randomBytes(100_000))
      faults.fail('GetObject', { kind: 'stall', afterBytes: 5000 }, Number.POSITIVE_INFINITY)
      const before = performance.now()
      await expect(impatient.read(key, 0, 100_000)).rejects.toMatchObject(unavailable)
      expect(performance.now() - before).toBeLessThan(patiently(3_000))
    })

    test('a storage that never answers is given up', async () => {
      faults.fail('GetObject', { kind: 'hang' }, Number.POSITIVE_INFINITY)
      const before = performance.now()
      await expect(impatient.read(randomKey(), 0, 10)).rejects.toMatchObject(unavailable)
      expect(performance.now() - before).toBeLessThan(patiently(4_000))
    })

    test('a reader who leaves ends the read with the reason', async () => {
      const key = randomKey()
      await putObject(direct, key, randomBytes(100_000))
      faults.fail('GetObject', { kind: 'stall', afterBytes: 5000 })
      const leaving = new AbortController()
      const reading = store.read(key, 0, 100_000, leaving.signal)
      leaving.abort(new Error('gone'))
      await expect(reading).rejects.toThrow('gone')
    })

    test.each(['GetObject', 'PutObject'] as const)('a SlowDown answer to %s is waited out', async (operation) => {
      const key = randomKey()
      if (operation === 'GetObject') await putObject(direct, key, Buffer.from('slow'))
      faults.fail(operation, { kind: 'refuse', status: 503, code: 'SlowDown' })
      if (operation === 'PutObject') await putObject(store, key, Buffer.from('slow'))
      expect((await store.read(key, 0, 4)).toString()).toBe('slow')
    })

    test('a storage that refuses us is unavailable, and nothing of it reaches the client', async () => {
      faults.fail('PutObject', { kind: 'refuse', status: 403, code: 'AccessDenied' })
      const refused = await putObject(store, randomKey(), Buffer.from('x')).catch((error: Error) => error)
      expect(refused).toMatchObject(unavailable)
      expect((refused as Error).message).not.toContain('AccessDenied')
    })

    test('a full storage is full', async () => {
      faults.fail('PutObject', { kind: 'refuse', status: 507, code: 'InsufficientStorage' }, Number.POSITIVE_INFINITY)
      await expect(putObject(store, randomKey(), Buffer.from('x'))).rejects.toMatchObject({ code: 'storage_full' })
    })

    test('an acknowledged object that holds only a part is refused and removed', async () => {
      const key = randomKey()
      faults.fail('PutObject', { kind: 'storePart', bytes: 1000 })
      await expect(putObject(store, key, randomBytes(2000))).rejects.toMatchObject(unavailable)
      expect(await listKeys(direct)).not.toContain(key)
    })

    test.each(['PutObject', 'UploadPart', 'CompleteMultipartUpload'] as const)(
      'a lost reply to %s loses nothing',
      async (operation) => {
        const key = randomKey()
        const bytes = randomBytes(operation === 'PutObject' ? 1000 : 6 * MIB)
        faults.fail(operation, { kind: 'loseReply' })
        await putObject(store, key, bytes)
        expect((await direct.read(key, 0, bytes.length)).equals(bytes)).toBe(true)
      },
    )

    test('an object whose every reply to Complete is lost is found to be there', async () => {
      const key = randomKey()
      const bytes = randomBytes(6 * MIB)
      faults.fail('CompleteMultipartUpload', { kind: 'loseReply' }, Number.POSITIVE_INFINITY)
      await putObject(store, key, bytes)
      expect((await direct.read(key, 0, bytes.length)).equals(bytes)).toBe(true)
    })

    test('an error inside a 200 of Complete is an error, and nothing is left', async () => {
      const key = randomKey()
      const answer = { kind: 'errorIn200', code: 'InternalError' } as const
      faults.fail('CompleteMultipartUpload', answer, Number.POSITIVE_INFINITY)
      await expect(putObject(store, key, randomBytes(6 * MIB))).rejects.toMatchObject(unavailable)
      expect(await listKeys(direct)).not.toContain(key)
      expect(faults.calls.some((call) => call.operation === 'AbortMultipartUpload' && call.key === key)).toBe(true)
    })

    test('the leftover of an upload whose replica died is removed with its key', async () => {
      const key = randomKey()
      const dying = store.create(key)
      await dying.write(randomBytes(6 * MIB))
      await store.remove(key)
      await expect(dying.commit(6 * MIB)).rejects.toMatchObject(unavailable)
      expect(await listKeys(direct)).not.toContain(key)
    })
  })

  test('a bucket that is missing is made', async () => {
    const store = await openStore(s3, `made-${randomBytes(6).toString('hex')}`)
    await store.prepare()
    await putObject(store, randomKey(), Buffer.from('x'))
    expect(await listKeys(store)).toHaveLength(1)
    await store.close()
  })

  test('a storage that is not there is unavailable at once', async () => {
    const store = await openStore({ ...s3, endpoint: 'http://127.0.0.1:9' }, 'none')
    await expect(store.check()).rejects.toMatchObject({ code: 'storage_unavailable' })
    await store.close()
  })
})
