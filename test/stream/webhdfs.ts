import { describe, expect, test } from 'vitest'
import { createHdfs } from '../../src/analytics/stream/webhdfs.ts'
import { mayPass } from '../../src/analytics/stream/webhdfs-request.ts'
import { hdfsContract } from '../contracts/hdfs.ts'
import { freePort } from '../services/index.ts'
import type { Servers } from './servers.ts'

/** The client of HDFS against a real one. */
export function webhdfsSuite(servers: Servers): void {
  const client = (user = servers.hdfs.user) => createHdfs({ urls: [servers.hdfs.url], user })

  describe('a real HDFS', () => {
    hdfsContract(async () => ({ hdfs: client(), close: async () => {} }))
  })

  describe('the client of HDFS', () => {
    test('of two NameNodes it finds the one that answers', async () => {
      const dead = `http://127.0.0.1:${await freePort()}`
      const hdfs = createHdfs({ urls: [dead, servers.hdfs.url], user: servers.hdfs.user })
      await hdfs.create('/two/file', Buffer.from('x'))
      expect(await hdfs.rename('/two/file', '/two/other')).toBe(true)
    })

    test('a user without the right is refused in one line, and for good', async () => {
      const refused = await client('alice')
        .makeFolder('/not-hers')
        .catch((error: unknown) => error)
      expect(refused).toMatchObject({ status: 403, exception: 'AccessControlException' })
      expect((refused as Error).message).toMatch(/^MKDIRS \/not-hers: 403 AccessControlException [^\n]+$/)
      expect(mayPass(refused)).toBe(false)
    })

    test('a folder of 250 names is listed whole, page by page', async () => {
      const names = Array.from({ length: 250 }, (_, index) => `folder-${String(index).padStart(3, '0')}`)
      for (let at = 0; at < names.length; at += 50)
        await Promise.all(names.slice(at, at + 50).map((name) => client().makeFolder(`/many/${name}`)))
      const listed: string[] = []
      for await (const { name } of client().list('/many')) listed.push(name)
      expect(listed).toEqual(names)
    })

    test('what a dead DataNode makes impossible may pass, and does when it is back', async () => {
      await servers.hdfs.dataNode.kill()
      const refused = await client()
        .create('/back/file', Buffer.from('x'))
        .catch((error: unknown) => error)
      expect(mayPass(refused)).toBe(true)
      await servers.hdfs.dataNode.restart()
      await client().create('/back/file', Buffer.from('x'))
      expect(await client().open('/back/file')).toBeDefined()
    }, 60_000)
  })
}
