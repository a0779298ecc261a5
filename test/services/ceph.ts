import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { commandPath } from './catalogue.ts'
import { cephConfig } from './ceph-config.ts'
import { host } from './host.ts'
import { freePort } from './ports.ts'
import type { ServerProcess } from './process.ts'
import type { S3Coordinates } from './s3.ts'

/**
 * S3-compatible storage of one's own: a Ceph cluster. `kill`, `pause` and `restart` act on the gateway, which speaks
 * S3 and holds no data; `storage` is the daemon behind it that does: frozen, the gateway accepts requests and hangs;
 * ended, everything is lost (it stores in memory). `stop` ends it all.
 */
export type CephServer = S3Coordinates & ServerProcess & { storage: ServerProcess; stop(): Promise<void> }

const execute = promisify(execFile)
const ACCESS_KEY_ID = 'testkey'
const SECRET_ACCESS_KEY = 'testsecret12'

/** Starts a Ceph monitor, storage daemon and RADOS gateway, in memory, with one user who may create buckets. */
export async function startCeph(): Promise<CephServer> {
  const [monitorPort, gatewayPort] = [await freePort(), await freePort()]
  return host('ceph', async ({ folder, run }) => {
    const clusterId = randomUUID()
    const storageId = randomUUID()
    const file = (name: string) => join(folder, name)
    for (const name of ['mon', 'osd', 'run', 'crash']) mkdirSync(file(name))
    writeFileSync(file('ceph.conf'), cephConfig({ folder, clusterId, monitorPort, gatewayPort }))
    const configured = ['-c', file('ceph.conf')]
    const tool = (name: string, ...args: string[]) => execute(commandPath(name), [...configured, ...args])
    const daemon = (name: string, id: string, ready = async () => true) =>
      run({
        name,
        command: commandPath(name),
        args: [...configured, '-f', '-n', id],
        ready,
        log: () => (existsSync(file(`${id}.log`)) ? readFileSync(file(`${id}.log`), 'utf8') : ''),
      })

    const secret = await createKeys(file('keyring'))
    writeFileSync(file('secret.json'), JSON.stringify({ cephx_secret: secret }))
    const monitorAddress = `[v2:127.0.0.1:${monitorPort}]`
    await execute(commandPath('monmaptool'), [
      ...['--create', '--fsid', clusterId, '--addv', 'a', monitorAddress, file('monmap')],
    ])
    await tool('ceph-mon', '--mkfs', '-i', 'a', '--monmap', file('monmap'), '--keyring', file('keyring'))
    await daemon('ceph-mon', 'mon.a')
    await Promise.all([
      tool('ceph', '--connect-timeout', '20', 'osd', 'new', storageId, '0', '-i', file('secret.json')),
      tool('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', storageId, '--no-mon-config'),
    ])
    const storage = await daemon('ceph-osd', 'osd.0')

    const endpoint = `http://127.0.0.1:${gatewayPort}`
    const answers = async () => (await fetch(endpoint, { signal: AbortSignal.timeout(1000) })).ok
    const gateway = await daemon('radosgw', 'client.rgw.a', answers)
    const keys = ['--access-key', ACCESS_KEY_ID, '--secret-key', SECRET_ACCESS_KEY]
    await tool('radosgw-admin', 'user', 'create', '--uid', 'test', '--display-name', 'test', ...keys)
    return Object.assign(gateway, {
      endpoint,
      port: gatewayPort,
      region: 'us-east-1',
      accessKeyId: ACCESS_KEY_ID,
      secretAccessKey: SECRET_ACCESS_KEY,
      storage,
    })
  })
}

/** Writes the keys of all daemons to `keyring`; returns the storage daemon's own. The rights are Ceph's exact words. */
async function createKeys(keyring: string): Promise<string> {
  const keys = [
    ['mon.', '--cap', 'mon', 'allow *'],
    ['client.admin', '--cap', 'mon', 'allow *', '--cap', 'osd', 'allow *', '--cap', 'mgr', 'allow *'],
    ['client.rgw.a', '--cap', 'mon', 'allow rwx', '--cap', 'osd', 'allow rwx'],
    ['osd.0', '--cap', 'mon', 'allow profile osd', '--cap', 'osd', 'allow *', '--cap', 'mgr', 'allow profile osd'],
  ]
  const tool = (...args: string[]) => execute(commandPath('ceph-authtool'), [keyring, ...args])
  await tool('--create-keyring')
  for (const [name = '', ...rights] of keys) await tool('--gen-key', '-n', name, ...rights)
  const { stdout } = await tool('-p', '-n', 'osd.0')
  return stdout.trim()
}
