import { once } from 'node:events'
import { connect } from 'node:net'
import { createConnection } from 'mysql2/promise'
import { SMALL_BYTES, smallTexts } from '../data.ts'
import type { Result } from '../result.ts'
import { type LoadedCluster, NO_BACKGROUND, startLoadedCluster } from './servers.ts'

const TIMES = 100
const LARGE_BYTES = 3 * 1_048_576

type Counts = { sql: number; sqlBytes: number; s3: number; redis: number; redisBytes: number }
type Work = { work: string; once(index: number): Promise<unknown> }

/** What one request of each kind asks of each backend: statements, calls, commands and the bytes they move. */
export async function costs(): Promise<Result[]> {
  await using cluster = await startLoadedCluster(2, { countS3Calls: true, settings: NO_BACKGROUND })
  const results: Result[] = []
  for (const { work, once: request } of worksOn(cluster)) {
    const earlier = await countsOf(cluster)
    const before = await countsOf(cluster)
    for (let index = 0; index < TIMES; index++) await request(index)
    const after = await countsOf(cluster)
    // Less what counting costs itself.
    const per = (name: keyof Counts) => Number(((after[name] - 2 * before[name] + earlier[name]) / TIMES).toFixed(2))
    const note = `S3 calls ${per('s3')}, Redis commands ${per('redis')}; moved: SQL ${kilobytes(per('sqlBytes'))}, Redis ${kilobytes(per('redisBytes'))}`
    results.push({ work, unit: 'SQL statements', ours: [per('sql')], goals: [], note })
  }
  return results
}

/** In this order: each reads or changes what those before it made. */
function worksOn({ replicas }: LoadedCluster): Work[] {
  const [here = '', there = ''] = replicas.map(({ directUrl }) => directUrl)
  const small = smallTexts(TIMES)
  const large = Buffer.alloc(LARGE_BYTES, small)
  const slugs: Record<'small' | 'large', string[]> = { small: [], large: [] }
  const tokens: string[] = []
  const create = async (kind: 'small' | 'large', body: Buffer) => {
    const headers = { 'content-type': 'text/plain' }
    const made = await expect(
      201,
      fetch(`${here}/api/v1/pastes`, { method: 'POST', headers, body: new Uint8Array(body) }),
    )
    const { slug, editToken } = JSON.parse(made.toString()) as { slug: string; editToken: string }
    slugs[kind].push(slug)
    if (kind === 'small') tokens.push(editToken)
  }
  const read = (url: string, kind: 'small' | 'large', index: number) =>
    expect(200, fetch(`${url}/raw/${slugs[kind][index]}`))
  const change = (index: number, init: RequestInit, path = '') =>
    fetch(`${here}/api/v1/pastes/${slugs.small[index]}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${tokens[index]}`, 'content-type': 'text/plain' },
    })
  const smallBody = (index: number) => small.subarray(index * SMALL_BYTES, (index + 1) * SMALL_BYTES)
  return [
    { work: 'create 4 KiB', once: (index) => create('small', smallBody(index)) },
    { work: 'create 3 MiB', once: (index) => create('large', Buffer.concat([Buffer.from(`${index}\n`), large])) },
    { work: 'first read of 4 KiB by another replica', once: (index) => read(there, 'small', index) },
    { work: 'read of 4 KiB from memory', once: () => read(there, 'small', TIMES - 1) },
    { work: 'first read of 3 MiB by another replica', once: (index) => read(there, 'large', index) },
    {
      work: 'replacing 4 KiB',
      once: (index) => expect(200, change(index, { method: 'PUT', body: `${index}` }, '/content')),
    },
    { work: 'delete of 4 KiB', once: (index) => expect(204, change(index, { method: 'DELETE' })) },
    { work: 'read of an unknown name', once: (index) => expect(404, fetch(`${there}/raw/unknown-${index}`)) },
  ]
}

async function expect(status: number, answering: Promise<Response>): Promise<Buffer> {
  const answer = await answering
  const body = Buffer.from(await answer.arrayBuffer())
  if (answer.status !== status) throw new Error(`${answer.url} was answered ${answer.status}: ${body.subarray(0, 500)}`)
  return body
}

async function countsOf({ mariadb, redis, s3Calls }: LoadedCluster): Promise<Counts> {
  const connection = await createConnection(mariadb.url)
  const [rows] = await connection.query('SHOW GLOBAL STATUS')
  await connection.end()
  const sql = new Map(
    (rows as { Variable_name: string; Value: string }[]).map((row) => [row.Variable_name, Number(row.Value)]),
  )
  const of = (name: string) => sql.get(name) ?? 0
  const info = await redisInfo(redis.port)
  const redisOf = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1])
  return {
    sql: of('Questions'),
    sqlBytes: of('Bytes_received') + of('Bytes_sent'),
    s3: s3Calls?.length ?? 0,
    redis: redisOf('total_commands_processed'),
    redisBytes: redisOf('total_net_input_bytes') + redisOf('total_net_output_bytes'),
  }
}

async function redisInfo(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.end('INFO stats\r\nQUIT\r\n')
  let text = ''
  socket.setEncoding('utf8').on('data', (part: string) => (text += part))
  await once(socket, 'close')
  return text
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1)} KB`
}
