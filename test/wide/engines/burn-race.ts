import { expect } from 'vitest'
import { codeOf, create, send } from '../../blackbox/client.ts'

/**
 * Has `claimers` clients ask for one burn-after-reading paste at the same time, spread over the replicas, and expects
 * that one gets it and all others hear that it is gone. A replica may say that it is busy: that client asks again.
 */
export async function expectOneWinner(replicas: readonly string[], claimers: number): Promise<void> {
  const base = (index: number) => replicas[index % replicas.length] ?? ''
  const { slug } = await create(base(0), 'for one pair of eyes', 'burnAfterReading=true')
  const outcomes = await Promise.all(Array.from({ length: claimers }, (_, index) => claim(base(index), slug)))
  expect(outcomes.filter((outcome) => outcome === 'for one pair of eyes')).toHaveLength(1)
  expect(outcomes.filter((outcome) => outcome === 'burned')).toHaveLength(claimers - 1)
}

async function claim(base: string, slug: string): Promise<string> {
  for (;;) {
    const answer = await send(`${base}/api/v1/pastes/${slug}/claim`, { method: 'POST' })
    if (answer.status === 200) return answer.bytes.toString()
    if (answer.status !== 503 || codeOf(answer) !== 'overloaded') return codeOf(answer)
  }
}
