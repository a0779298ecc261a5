import { goProgramFile } from './go.ts'
import { host } from './host.ts'
import { freePort } from './ports.ts'
import type { ServerProcess } from './process.ts'
import type { S3Coordinates } from './s3.ts'

/** MinIO's last state that is in the module proxy; it has no release there. */
export const MINIO = {
  name: 'minio',
  path: 'github.com/minio/minio',
  version: 'v0.0.0-20260212201848-7aac2a2c5b7c',
}

/** A MinIO of one's own. `stop` ends it and removes its data. */
export type MinioServer = S3Coordinates & ServerProcess & { stop(): Promise<void> }

/** Starts MinIO, which has to be built already, with an empty folder. */
export async function startMinio(): Promise<MinioServer> {
  const [port, consolePort] = [await freePort(), await freePort()]
  const keys = { accessKeyId: 'testkey', secretAccessKey: 'testsecret12' }
  return host('minio', async ({ folder, run }) => {
    const endpoint = `http://127.0.0.1:${port}`
    const server = await run({
      name: 'minio',
      command: goProgramFile(MINIO),
      args: ['server', '--quiet', `--address=127.0.0.1:${port}`, `--console-address=127.0.0.1:${consolePort}`, folder],
      environment: { MINIO_ROOT_USER: keys.accessKeyId, MINIO_ROOT_PASSWORD: keys.secretAccessKey },
      ready: async () => (await fetch(`${endpoint}/minio/health/ready`, { signal: AbortSignal.timeout(1000) })).ok,
    })
    return Object.assign(server, { endpoint, port, region: 'us-east-1', ...keys })
  })
}
