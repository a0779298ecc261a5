import { statfsSync } from 'node:fs'
import type { Content } from '../content/index.ts'
import { inBackground } from '../core/index.ts'
import { CLOCK_STATES, type Metrics, type Readiness, type Redis } from '../platform/index.ts'
import type { Config } from '../settings/index.ts'
import type { Backends } from './backends.ts'

/** The sources of the metrics of the whole service. */
export type ServiceMetricSources = {
  config: Config
  version: string
  backends: Backends
  readiness: Readiness
  /** Large uploads, and claims whose answer has not begun, under way. */
  uploads: { held(): number }
  claims: { held(): number }
  /** Memory of bodies on their way. */
  memory: { used(): number }
  content: Content
  droppedLogLines?: (() => number) | undefined
}

/** Adds what an operator watches of the service as a whole; config/README.md describes how. */
export function registerServiceMetrics(metrics: Metrics, sources: ServiceMetricSources): void {
  const { config, version, backends, readiness, uploads, claims, memory, content } = sources
  metrics.gauge('paste_build_info', 'Always 1; which version runs here', () => ({
    label: 'version',
    values: new Map([[version, 1]]),
  }))
  metrics.gauge('paste_draining', '1 once this process is to end', () => (readiness.isDraining() ? 1 : 0))
  metrics.gauge('paste_part_available', '1 for a part that could be used when it was last tried', () => {
    // For the next scrape: this one must not wait for a part that hangs.
    inBackground(readiness.ask)
    const states = Object.entries(readiness.last()?.parts ?? {})
    return { label: 'part', values: new Map(states.map(([part, state]) => [part, state === 'ok' ? 1 : 0])) }
  })
  metrics.gauge('paste_uploads', 'Large uploads under way', uploads.held)
  metrics.gauge('paste_uploads_limit', 'Large uploads that may be under way', () => config.maxUploads)
  metrics.gauge('paste_body_memory_bytes', 'Memory counted for bodies on their way', memory.used)
  metrics.gauge('paste_claims', 'Claims under way whose answer has not begun', claims.held)
  metrics.gauge('paste_database_clock_ahead_seconds', 'Clock of the database before ours', () => {
    const aheadMs = backends.watchedClock?.figures().aheadMs
    return aheadMs === undefined ? undefined : aheadMs / 1_000
  })
  metrics.gauge('paste_clock_uncertainty_seconds', 'How exactly the time of the database is known', () => {
    const uncertaintyMs = backends.watchedClock?.figures().uncertaintyMs
    return uncertaintyMs === undefined ? undefined : uncertaintyMs / 1_000
  })
  metrics.gauge('paste_clock_state', '1 for the state of the time; expired pastes are ended while it is known', () => {
    const state = backends.watchedClock?.figures().state ?? 'known'
    return { label: 'state', values: new Map(CLOCK_STATES.map((name) => [name, name === state ? 1 : 0])) }
  })
  metrics.total('paste_log_lines_dropped_total', 'Log lines that could not be written', () =>
    sources.droppedLogLines?.(),
  )
  metrics.gauge('paste_cached_frame_bytes', 'Memory of cached frames', content.cachedBytes)
  const hasDisk = !config.databaseUrl || !config.s3Endpoint
  addLimits(metrics, hasDisk ? config.dataDir : undefined)
  if (backends.redis) addRedis(metrics, backends.redis)
}

/** How Redis does, as seen from here. */
function addRedis(metrics: Metrics, { state }: Redis): void {
  metrics.gauge('paste_redis_connected', '1 while Redis can be asked', () => (state().connected ? 1 : 0))
  metrics.gauge('paste_redis_listening', '1 while other replicas are heard', () => (state().listening ? 1 : 0))
  metrics.gauge('paste_redis_breaker_open', '1 while Redis is not asked because it failed', () =>
    state().breaker === 'closed' ? 0 : 1,
  )
  const without = 'Calls for which Redis was not available'
  metrics.total('paste_redis_bypassed_total', without, () => state().failures)
}

/** What this process may use at most, where somebody set a limit, and what is left of its disk. */
function addLimits(metrics: Metrics, dataFolder: string | undefined): void {
  metrics.gauge('paste_memory_limit_bytes', 'Memory that this process may take (its control group)', () => {
    const limitBytes = process.constrainedMemory()
    // Without a limit the kernel names one that no machine has.
    return limitBytes > 0 && limitBytes < 2 ** 50 ? limitBytes : undefined
  })
  if (dataFolder === undefined) return
  const disk = () => statfsSync(dataFolder)
  metrics.gauge('paste_disk_free_bytes', 'Free on the disk of the data folder', () => disk().bavail * disk().bsize)
  metrics.gauge('paste_disk_size_bytes', 'Size of the disk of the data folder', () => disk().blocks * disk().bsize)
}
