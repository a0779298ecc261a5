import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { freePort, whenService } from '../services/index.ts'
import { TEMPORARY_PATHS } from '../services/nginx.ts'
import { type Discovery, followsNames, frontBlock } from './front.ts'

whenService('nginx', ({ nginx: { path } }) => {
  describe('the configuration of nginx', () => {
    const list = ['127.0.0.1:3001', 'localhost:3002']
    const byName = { name: 'app.paste.test', port: 3000, dnsPort: 5353 }
    test.each<[string, ...Parameters<typeof frontBlock>]>([
      ['as it is shipped', list],
      ['with least_conn', list, { leastConnections: true }],
      ['with a cache', list, { cache: true }],
      ['with discovery', byName],
      ['with discovery and a cache', byName, { cache: true }],
      ...(followsNames(path) ? [['with discovery that keeps', { ...byName, keep: true }] as [string, Discovery]] : []),
    ])('%s is taken without a warning', async (_name, replicas, choices) => {
      const folder = mkdtempSync(join(tmpdir(), 'pastebin-nginx-'))
      onTestFinished(() => rmSync(folder, { recursive: true }))
      for (const name of ['logs', 'temporary']) mkdirSync(join(folder, name))
      const block = frontBlock(replicas, choices)({ port: await freePort(), folder })
      writeFileSync(
        join(folder, 'nginx.conf'),
        `pid nginx.pid; events {} http { access_log off; ${TEMPORARY_PATHS} ${block} }`,
      )
      const { stderr } = await promisify(execFile)(path, ['-t', '-p', folder, '-c', 'nginx.conf', '-e', 'stderr'])
      expect(stderr).toMatch(/test is successful/)
      expect(stderr).not.toMatch(/\[(warn|error|emerg)\]/)
    })
  })
})
