import type { AnalyticsEvent } from './schema.ts'

/** Where events go when they leave the process. */
export type EventSink = {
  /** For logs and figures, such as `kafka`. */
  readonly name: string
  /**
   * Resolves once all of them are accepted for good, in their order, or rejects; ends by itself within the sink's own
   * deadline either way. Called again only after the former call has ended. After a rejection the same events come
   * again, so some may arrive twice: their `id` tells.
   */
  send(events: readonly AnalyticsEvent[]): Promise<void>
  /** Lets go of connections; a send under way may fail. */
  close(): Promise<void>
}
