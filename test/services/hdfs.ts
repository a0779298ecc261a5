import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { patiently } from '../patience.ts'
import { commandPath } from './catalogue.ts'
import { HADOOP, hdfsSite, site } from './hdfs-config.ts'
import { host } from './host.ts'
import { javaArguments } from './java.ts'
import { freePort } from './ports.ts'
import type { ServerProcess } from './process.ts'

/**
 * An HDFS of one's own: a NameNode, which knows the names, and a DataNode, which has the bytes, each to be hurt alone.
 * `url` is what `WEBHDFS_URL` takes, `user` may write anywhere. `stop` ends both and removes their data.
 */
export type HdfsServer = {
  url: string
  user: string
  nameNode: ServerProcess
  dataNode: ServerProcess
  stop(): Promise<void>
}

const execute = promisify(execFile)
const USER = 'paste'
/** Seconds, unless others want the machine too. */
const READY_WITHIN_MS = patiently(150_000)

/** Starts both daemons; their jars have to be there. Resolves once a file can be written. */
export async function startHdfs(): Promise<HdfsServer> {
  const ports = {
    rpc: await freePort(),
    http: await freePort(),
    data: await freePort(),
    dataHttp: await freePort(),
    dataIpc: await freePort(),
  }
  return host('hdfs', async ({ folder, run }) => {
    for (const name of ['conf', 'nn', 'dn', 'log', 'tmp']) mkdirSync(join(folder, name))
    const files = ['core-site.xml', 'hdfs-site.xml', 'log4j.properties'].map((name) => join(folder, 'conf', name))
    const [core = '', hdfs = '', log4j = ''] = files
    writeFileSync(
      core,
      site({ 'fs.defaultFS': `hdfs://127.0.0.1:${ports.rpc}`, 'hadoop.tmp.dir': join(folder, 'tmp') }),
    )
    writeFileSync(hdfs, hdfsSite(folder, ports))
    writeFileSync(log4j, LOG_TO_STDERR)
    const java = commandPath('java')
    const environment = { HADOOP_USER_NAME: USER }
    const options = [
      `-Dhadoop.log.dir=${join(folder, 'log')}`,
      `-Djava.io.tmpdir=${join(folder, 'tmp')}`,
      `-Dlog4j.configuration=file:${log4j}`,
    ]
    const configured = ['-conf', core, '-conf', hdfs]
    const args = (daemon: 'namenode.NameNode' | 'datanode.DataNode') => [
      ...javaArguments(HADOOP, `org.apache.hadoop.hdfs.server.${daemon}`, options),
      ...configured,
    ]
    const format = ['-format', '-nonInteractive', '-force']
    await execute(java, [...args('namenode.NameNode'), ...format], { env: { ...process.env, ...environment } })
    const url = `http://127.0.0.1:${ports.http}`
    const started = { command: java, environment, readyWithinMs: READY_WITHIN_MS }
    const [nameNode, dataNode] = await Promise.all([
      run({ name: 'namenode', ...started, args: args('namenode.NameNode'), ready: () => answers(url) }),
      run({ name: 'datanode', ...started, args: args('datanode.DataNode'), ready: () => canWrite(url) }),
    ])
    return { url, user: USER, nameNode, dataNode }
  })
}

const LOG_TO_STDERR = `log4j.rootLogger=ERROR,stderr
log4j.appender.stderr=org.apache.log4j.ConsoleAppender
log4j.appender.stderr.target=System.err
log4j.appender.stderr.layout=org.apache.log4j.PatternLayout
log4j.appender.stderr.layout.ConversionPattern=%p %c: %m%n
`

async function answers(url: string): Promise<boolean> {
  return (await call('GET', `${url}/webhdfs/v1/?op=GETFILESTATUS&user.name=${USER}`)).status === 200
}

/** Names are there before a DataNode is: only a file that could be written proves it. */
async function canWrite(url: string): Promise<boolean> {
  const query = `op=CREATE&overwrite=true&noredirect=true&user.name=${USER}`
  const { status, body } = await call('PUT', `${url}/webhdfs/v1/.ready?${query}`)
  if (status !== 200) return false
  const { Location } = JSON.parse(body) as { Location: string }
  return (await call('PUT', Location)).status === 201
}

async function call(method: string, url: string): Promise<{ status: number; body: string }> {
  // Asked again and again while it starts, it would start more slowly.
  await delay(100)
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent: false, timeout: patiently(2_000) }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text
      })
      response.once('end', () => resolve({ status: response.statusCode ?? 0, body })).once('error', reject)
    })
    sent.once('timeout', () => sent.destroy(new Error('timeout'))).once('error', reject)
    sent.end()
  })
}
