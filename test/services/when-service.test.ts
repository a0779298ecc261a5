import { createConnection } from 'mysql2/promise'
import { describe, expect, test } from 'vitest'
import { createBucket, createDatabase, whenService } from './index.ts'

whenService('sql', ({ sql }) => {
  describe('the shared MariaDB', () => {
    test('refuses what MySQL refuses by default', async () => {
      const database = await createDatabase(sql)
      const connection = await createConnection(database.url)
      await connection.query('CREATE TABLE t (a INT, b DATE)')
      await expect(connection.query("INSERT INTO t VALUES (1, '0000-00-00')")).rejects.toMatchObject({ errno: 1292 })
      await expect(connection.query('SELECT a, MAX(b) FROM t')).rejects.toMatchObject({ errno: 1140 })
      await connection.end()
      await database.drop()
    })

    test('gives every caller a database of its own', async () => {
      const [first, second] = await Promise.all([createDatabase(sql), createDatabase(sql)])
      expect(first.name).not.toBe(second.name)
      await Promise.all([first.drop(), second.drop()])
    })
  })
})

whenService('s3', ({ s3 }) => {
  describe('the shared S3 storage', () => {
    test('gives every caller a bucket of its own', async () => {
      const [first, second] = await Promise.all([createBucket(s3), createBucket(s3)])
      expect(first.environment.S3_BUCKET).not.toBe(second.environment.S3_BUCKET)
    })
  })
})
