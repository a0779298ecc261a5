import type { Tracing, TracingSettings } from './types.ts'

export type { Tracing } from './types.ts'

/** Begins tracing. Nothing of OpenTelemetry is loaded before this is called: it takes a tenth of a second and 13 MiB. */
export async function openTracing(settings: TracingSettings): Promise<Tracing> {
  const { createTracing } = await import('./tracing.ts')
  return createTracing(settings)
}
