import { request } from 'undici'
import type { Run } from '../../src/analytics/runs/schema.ts'
import type { System } from './system.ts'

const WITHIN_MS = 10_000
/** A run has room for so much. */
const MOST_BYTES = 400 * 1024
const MINUTE_MS = 60_000
const RANGES: readonly [string, number][] = [
  ['5m', 5 * MINUTE_MS],
  ['1h', 60 * MINUTE_MS],
  ['6h', 360 * MINUTE_MS],
]

/** The service's version, of its metrics; null when it doesn't tell. */
export async function readVersion(system: System): Promise<string | null> {
  const text = await read(system, `${system.replicas[0]?.url ?? system.url}/metrics`)
  return /^paste_build_info\{version="([^"]+)"/m.exec(text ?? '')?.[1] ?? null
}

/** What the service recorded of itself since `since` (epoch ms); null when it doesn't, or doesn't tell. */
export async function readRecordings(system: System, since: number): Promise<Run['recordings']> {
  const range = RANGES.find(([, lengthMs]) => Date.now() - since < lengthMs - MINUTE_MS)?.[0] ?? '24h'
  const text = await read(system, `${system.url}/api/v1/performance?range=${range}`)
  if (text === undefined || text.length > MOST_BYTES) return null
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}

/** Sends a run to the service; says in words what came of it. */
export async function sendRun(system: System, run: Run): Promise<string> {
  const { id } = run
  const { statusCode, body } = await request(`${system.url}/api/v1/performance/runs/${id}`, {
    method: 'PUT',
    headers: { ...authorization(system), 'content-type': 'application/json' },
    body: JSON.stringify(run),
    headersTimeout: WITHIN_MS,
  })
  const text = await body.text()
  return statusCode < 300 ? `${system.url}/performance/runs has it` : `not sent: ${statusCode} ${text.slice(0, 300)}`
}

async function read(system: System, url: string): Promise<string | undefined> {
  try {
    const { statusCode, body } = await request(url, { headers: authorization(system), headersTimeout: WITHIN_MS })
    const text = await body.text()
    return statusCode === 200 ? text : undefined
  } catch {
    return undefined
  }
}

function authorization({ adminToken }: System): Record<string, string> {
  return adminToken === undefined ? {} : { authorization: `Bearer ${adminToken}` }
}
