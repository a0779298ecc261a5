import { ASKED, CALLS, ERROR, largest, OURS, PAGES, quantile, REQUESTS, rate, sum, sumBy } from './dashboard-queries.ts'
import type { RowPlan } from './dashboard-shape.ts'

const [HITS, MISSES] = ['hits', 'misses'].map((fate) => sumBy('level', `paste_cache_${fate}_total`))

/** Why it is so: parts, replicas, and what works behind the scenes. */
export const INSIDE: readonly RowPlan[] = [
  {
    title: 'Where time goes',
    panels: [
      {
        title: 'Time in parts, per second',
        unit: 's',
        stacked: true,
        description: 'Summed over requests: 2 s per second are two requests waiting at any time.',
        lines: [
          [sumBy('part', `${CALLS}_sum`), '{{part}}'],
          [sum('paste_database_pool_wait_seconds_total'), 'waiting for a connection'],
        ],
      },
      {
        title: 'Slowest calls, p99',
        unit: 's',
        lines: [[largest(8, quantile(0.99, 'part, operation, le', CALLS, OURS)), '{{part}} {{operation}}']],
      },
      { title: 'Calls', unit: 'ops', lines: [[sumBy('part', `${CALLS}_count`), '{{part}}']] },
      {
        title: 'Failed calls',
        unit: 'ops',
        lines: [
          [sumBy('part', `${CALLS}_count`, `${OURS},outcome="failed"`), '{{part}}'],
          [sum('paste_redis_bypassed_total'), 'done without redis'],
        ],
      },
    ],
  },
  {
    title: 'Replicas',
    panels: [
      {
        title: 'Requests per second',
        unit: 'reqps',
        lines: [[sumBy('instance', `${REQUESTS}_count`, ASKED), '{{instance}}']],
      },
      { title: 'p99 of pages', unit: 's', lines: [[quantile(0.99, 'instance, le', REQUESTS, PAGES), '{{instance}}']] },
      { title: 'CPU, of one core', unit: 'percentunit', lines: [[rate('process_cpu_seconds_total'), '{{instance}}']] },
      {
        title: 'Event loop delay, p99',
        unit: 's',
        description: 'About 10 ms of it is how it is measured.',
        lines: [[`nodejs_eventloop_lag_p99_seconds{${OURS}}`, '{{instance}}']],
      },
      { title: 'Memory', unit: 'bytes', lines: [[`process_resident_memory_bytes{${OURS}}`, '{{instance}}']] },
      {
        title: 'Garbage collection, share of time',
        unit: 'percentunit',
        lines: [[sumBy('instance', 'nodejs_gc_duration_seconds_sum'), '{{instance}}']],
      },
      {
        title: 'Large uploads and claims under way',
        lines: [
          [`sum(paste_uploads{${OURS}})`, 'uploads'],
          [`sum(paste_claims{${OURS}})`, 'claims'],
        ],
      },
      {
        title: 'Parts that can be used',
        description: '1: every replica can use it.',
        lines: [
          [`min by (part) (paste_part_available{${OURS}})`, '{{part}}'],
          [`sum(up{${OURS}})`, 'replicas that answer'],
        ],
      },
    ],
  },
  {
    title: 'Caches, sweeper, views and events',
    panels: [
      {
        title: 'Cache hits, share of lookups',
        unit: 'percentunit',
        most: 1,
        lines: [[`${HITS} / (${HITS} + ${MISSES})`, '{{level}}']],
      },
      {
        title: 'Memory of cached frames',
        unit: 'bytes',
        lines: [[`paste_cached_frame_bytes{${OURS}}`, '{{instance}}']],
      },
      {
        title: 'Oldest that waits for the sweeper',
        unit: 's',
        lines: [[`max(paste_sweeper_backlog_age_seconds{${OURS}})`, 'age']],
      },
      {
        title: 'Swept, and still waiting',
        lines: [
          [sumBy('target', 'paste_swept_total'), '{{target}} per second'],
          [`max(paste_sweeper_backlog{${OURS}})`, 'waiting'],
        ],
      },
      {
        title: 'Views and events that wait',
        lines: [
          [`sum(paste_view_counters_waiting{${OURS}})`, 'counters of views'],
          [`sum(paste_events_waiting{${OURS}})`, 'events'],
        ],
      },
      {
        title: 'Views and events lost',
        unit: 'ops',
        lines: [
          [sum('paste_views_lost_total'), 'views'],
          [sum('paste_events_dropped_total'), 'events'],
        ],
        colours: { views: ERROR, events: '#8a2620' },
      },
      {
        title: 'Clock of the database before ours',
        unit: 's',
        signed: true,
        lines: [[`paste_database_clock_ahead_seconds{${OURS}}`, '{{instance}}']],
      },
      { title: 'Versions', lines: [[`count by (version) (paste_build_info{${OURS}})`, '{{version}}']] },
    ],
  },
]
