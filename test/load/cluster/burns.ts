import { setTimeout as delay } from 'node:timers/promises'
import { Agent, request } from 'undici'
import type { Result } from '../result.ts'
import { type LoadedCluster, startLoadedCluster } from './servers.ts'

const PASTES = 500
const CLAIMERS = 64
const AT_ONCE = 8
const ATTEMPTS = 100
const RETRY_MS = 200

type Outcome = 'won' | 'lost' | 'lost after asking again' | 'no answer'

/** Read-once pastes claimed from all replicas at once: calm, and while a replica and the database are killed. */
export async function burns(): Promise<Result[]> {
  await using cluster = await startLoadedCluster(3)
  return [await race(cluster, 'calm', async () => {}), await race(cluster, 'a replica and MariaDB killed', kills)]
}

async function kills({ replicas, mariadb }: LoadedCluster): Promise<void> {
  await delay(1_000)
  await replicas[1]?.restart()
  await delay(1_000)
  await mariadb.kill('SIGKILL')
  await mariadb.restart()
}

async function race(
  cluster: LoadedCluster,
  name: string,
  faults: (cluster: LoadedCluster) => Promise<void>,
): Promise<Result> {
  await using agent = Object.assign(new Agent({ connections: CLAIMERS }), {
    [Symbol.asyncDispose]: () => agent.close(),
  })
  const urls = cluster.replicas.map(({ directUrl }) => directUrl)
  const slugs: string[] = []
  for (let index = 0; index < PASTES; index++) slugs.push(await makeSecret(cluster.url, agent))
  const hurting = faults(cluster)
  const winners: number[] = []
  let unread = 0
  const queue = slugs.values()
  const work = async () => {
    for (const slug of queue) {
      const path = `/api/v1/pastes/${slug}/claim`
      const outcomes = await Promise.all(
        Array.from({ length: CLAIMERS }, (_, index) => claim(`${urls[index % urls.length]}${path}`, agent)),
      )
      const won = outcomes.filter((outcome) => outcome === 'won').length
      winners.push(won)
      if (won === 0 && outcomes.includes('lost after asking again')) unread++
    }
  }
  await Promise.all([hurting, ...Array.from({ length: AT_ONCE }, work)])
  const several = winners.filter((count) => count > 1).length
  return {
    work: `${PASTES} read-once pastes, ${CLAIMERS} claimers each on 3 replicas, ${name}`,
    unit: 'with one winner',
    ours: [winners.filter((count) => count === 1).length],
    goals: [],
    note: `${several} with several winners; ${unread} used up by a claim whose answer was lost`,
  }
}

async function makeSecret(url: string, agent: Agent): Promise<string> {
  const { statusCode, body } = await request(`${url}/api/v1/pastes?burnAfterReading=true`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: 'a secret',
    dispatcher: agent,
  })
  if (statusCode !== 201) throw new Error(`a read-once paste was answered ${statusCode}`)
  return ((await body.json()) as { slug: string }).slug
}

/** Asks until there is a definite answer. After a lost answer it may have won itself and not know. */
async function claim(url: string, agent: Agent): Promise<Outcome> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      const { statusCode, body } = await request(url, { method: 'POST', dispatcher: agent })
      await body.dump()
      if (statusCode === 200) return 'won'
      if (statusCode === 410) return attempt === 0 ? 'lost' : 'lost after asking again'
    } catch {
      // The replica is gone; it comes back on the same port.
    }
    await delay(RETRY_MS)
  }
  return 'no answer'
}
