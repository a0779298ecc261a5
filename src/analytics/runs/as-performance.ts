import { validate } from '../../http/index.ts'
import type { Performance } from '../performance/index.ts'

/** The recordings that a run carries, or null where it has none that this version can show. */
export async function asPerformance(recordings: unknown): Promise<Performance | null> {
  if (recordings === null || typeof recordings !== 'object') return null
  const { PerformanceSchema } = await import('../performance/schema.ts')
  return validate(PerformanceSchema, recordings).catch(() => null)
}
