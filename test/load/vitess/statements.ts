import type { VitessCluster } from '../../services/index.ts'
import { plansOf } from '../../services/vitess-plans.ts'
import type { Result } from '../result.ts'
import type { LoadedServer } from '../servers.ts'

const TIMES = 50

type Work = { work: string; once(index: number): Promise<unknown> }

/** What one request of each kind asks of vtgate, and what vtgate asks of the shards for it. */
export async function statements(vitess: VitessCluster, service: LoadedServer): Promise<Result[]> {
  const results: Result[] = []
  for (const { work, once } of worksOn(service)) {
    const before = await countsOf(vitess)
    for (let index = 0; index < TIMES; index++) await once(index)
    const after = await countsOf(vitess)
    const perRequest = (after.runs - before.runs) / TIMES
    const atShards = (after.shardStatements - before.shardStatements) / TIMES
    const note = `statements at the shards: ${atShards.toFixed(2)}`
    results.push({ work, unit: 'statements', ours: [perRequest], goals: [], note })
  }
  return results
}

async function countsOf(vitess: VitessCluster) {
  const plans = (await plansOf(vitess)).filter(({ statement }) => /\b(pastes|idempotency_keys)\b/.test(statement))
  const sum = (of: 'runs' | 'shardStatements') => plans.reduce((total, plan) => total + plan[of], 0)
  return { runs: sum('runs'), shardStatements: sum('shardStatements') }
}

/** In this order: each reads or changes what those before it made. */
function worksOn({ port }: LoadedServer): Work[] {
  const url = `http://127.0.0.1:${port}`
  const made: { slug: string; editToken: string }[] = []
  const create = async (index: number, query = '') => {
    const headers = { 'content-type': 'text/plain' }
    const answer = await fetch(`${url}/api/v1/pastes${query}`, { method: 'POST', headers, body: `paste ${index}` })
    made.push((await answer.json()) as { slug: string; editToken: string })
  }
  const paste = (index: number) => made[index] ?? { slug: '', editToken: '' }
  const ask = async (path: string, init?: RequestInit) => void (await (await fetch(url + path, init)).arrayBuffer())
  const change = (index: number, path: string, init: RequestInit) =>
    ask(`/api/v1/pastes/${paste(index).slug}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${paste(index).editToken}`, 'content-type': 'text/plain' },
    })
  return [
    { work: 'create', once: (index) => create(index) },
    { work: 'cold read', once: (index) => ask(`/raw/${paste(index).slug}`) },
    { work: 'edit', once: (index) => change(index, '/content', { method: 'PUT', body: `edited ${index}` }) },
    { work: 'delete', once: (index) => change(index, '', { method: 'DELETE' }) },
    { work: 'create, burn after reading', once: (index) => create(index, '?burnAfterReading=true') },
    { work: 'claim', once: (index) => ask(`/api/v1/pastes/${paste(TIMES + index).slug}/claim`, { method: 'POST' }) },
    { work: 'the list of recent pastes', once: () => ask('/api/v1/pastes?limit=3') },
  ]
}
