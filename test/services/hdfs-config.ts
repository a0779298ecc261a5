import { join } from 'node:path'
import type { JavaProgram } from './java.ts'

/**
 * Hadoop's NameNode and DataNode. Its jars look for web pages that no jar brings: two empty folders do.
 */
export const HADOOP: JavaProgram = {
  name: 'hadoop',
  version: '3.5.0',
  artifacts: ['hdfs', 'hdfs-client', 'common'].map((part) => `org.apache.hadoop:hadoop-${part}:3.5.0`),
  folders: ['webapps/hdfs', 'webapps/datanode'],
}

/** The ports of both daemons, all on loopback. */
export type HdfsPorts = { http: number; data: number; dataHttp: number; dataIpc: number }

/** `hdfs-site.xml` for one DataNode, with a second's patience where production has minutes. */
export function hdfsSite(folder: string, ports: HdfsPorts): string {
  return site({
    'dfs.namenode.http-address': `127.0.0.1:${ports.http}`,
    'dfs.namenode.name.dir': `file://${join(folder, 'nn')}`,
    'dfs.datanode.data.dir': `file://${join(folder, 'dn')}`,
    'dfs.datanode.address': `127.0.0.1:${ports.data}`,
    'dfs.datanode.http.address': `127.0.0.1:${ports.dataHttp}`,
    'dfs.datanode.ipc.address': `127.0.0.1:${ports.dataIpc}`,
    // Clients are sent to the DataNode by this name.
    'dfs.datanode.hostname': '127.0.0.1',
    'dfs.replication': 1,
    'dfs.namenode.safemode.extension': 0,
    'dfs.namenode.datanode.registration.ip-hostname-check': false,
    'dfs.heartbeat.interval': 1,
    'dfs.namenode.heartbeat.recheck-interval': 1000,
    'ipc.client.connect.retry.interval': 100,
    'ipc.client.connect.max.retries': 300,
    // 400 ms by default, spent by every file that is written.
    'dfs.client.block.write.locateFollowingBlock.initial.delay.ms': 10,
    'dfs.client.block.write.replace-datanode-on-failure.enable': false,
    // Names on one page of a listing: 1,000 by default.
    'dfs.ls.limit': 100,
    'dfs.namenode.handler.count': 3,
    'dfs.datanode.handler.count': 2,
    'dfs.datanode.scan.period.hours': -1,
  })
}

/** A Hadoop configuration file. */
export function site(properties: Readonly<Record<string, string | number | boolean>>): string {
  const lines = Object.entries(properties).map(
    ([name, value]) => `<property><name>${name}</name><value>${value}</value></property>`,
  )
  return `<configuration>\n${lines.join('\n')}\n</configuration>\n`
}
