import type { DnsServer } from '../services/index.ts'
import type { Cluster, Replica, SharedServers } from './cluster.ts'
import { namedAddresses, REPLICAS_NAME } from './names.ts'

/** A screen for people: where every part is and whether it answers, and what to try. */
export async function describeCluster(cluster: Cluster, servers: SharedServers, names: DnsServer): Promise<string> {
  const replicas = await Promise.all(cluster.replicas.map(describeReplica))
  const addresses = await namedAddresses(names)
  const [first] = cluster.replicas
  const { port, hostname } = new URL(first?.directUrl ?? cluster.url)
  const next = hostname.replace(/\d+$/, (last) => `${Number(last) + cluster.replicas.length}`)
  return `
  open       ${cluster.url}/        (nginx, round robin)
  try        echo hello | curl -T- ${cluster.url}/

${replicas.join('\n')}
  BIND 9     127.0.0.1:${names.port}    ${REPLICAS_NAME} is ${addresses.join(', ')}
             dig @127.0.0.1 -p ${names.port} ${REPLICAS_NAME}
  ${servers.sql.product.split(' ')[0]?.padEnd(10)} ${servers.sql.url}
  S3         ${servers.s3.endpoint}
  Redis      ${servers.redis.url}

  another replica, which nginx finds by itself (and loses when it ends):
             HOST=${next} PORT=${port} ${assignments(cluster.told)} npm start
  objects and rows compared:
             ${assignments(cluster.environment)} npm run fsck

Ctrl-C stops it all and removes what was pasted.
`
}

async function describeReplica({ directUrl, pid }: Replica, index: number): Promise<string> {
  const answer = await fetch(`${directUrl}/health/ready`)
  const { status, parts } = (await answer.json()) as { status: string; parts: Record<string, string> }
  const each = Object.entries(parts).map(([name, part]) => `${name} ${part}`)
  return `  replica ${index + 1}  ${directUrl}  pid ${pid}  ${status}: ${each.join(', ')}`
}

/** As a shell takes them. */
function assignments(variables: Record<string, string>): string {
  const set = Object.entries(variables).filter(([, value]) => value !== '')
  return set.map(([name, value]) => (/^[\w./:@,-]*$/.test(value) ? `${name}=${value}` : `${name}='${value}'`)).join(' ')
}
