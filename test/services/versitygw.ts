import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { goProgramFile } from './go.ts'
import { host } from './host.ts'
import { freePort } from './ports.ts'
import type { ServerProcess } from './process.ts'
import type { S3Coordinates } from './s3.ts'

/** The gateway that config/compose.yaml names, in the same version. */
export const VERSITYGW = {
  name: 'versitygw',
  path: 'github.com/versity/versitygw/cmd/versitygw',
  version: 'v1.8.0',
}

/** A versitygw of one's own, which keeps objects as files. `stop` ends it and removes them. */
export type VersitygwServer = S3Coordinates & ServerProcess & { stop(): Promise<void> }

/** Starts versitygw, which has to be built already, with an empty folder. */
export async function startVersitygw(): Promise<VersitygwServer> {
  const port = await freePort()
  const keys = { accessKeyId: 'testkey', secretAccessKey: 'testsecret12' }
  return host('versitygw', async ({ folder, run }) => {
    const objects = join(folder, 'objects')
    mkdirSync(objects)
    const endpoint = `http://127.0.0.1:${port}`
    const server = await run({
      name: 'versitygw',
      command: goProgramFile(VERSITYGW),
      args: ['--quiet', `--port=127.0.0.1:${port}`, '--health=/health', 'posix', objects],
      environment: { ROOT_ACCESS_KEY: keys.accessKeyId, ROOT_SECRET_KEY: keys.secretAccessKey },
      ready: async () => (await fetch(`${endpoint}/health`, { signal: AbortSignal.timeout(1000) })).ok,
    })
    return Object.assign(server, { endpoint, port, region: 'us-east-1', ...keys })
  })
}
