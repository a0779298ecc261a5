import {
  ASKED,
  ERROR,
  largest,
  OURS,
  PAGES,
  PALE,
  quantile,
  REQUESTS,
  rate,
  shareOf,
  sum,
  sumBy,
  used,
} from './dashboard-queries.ts'
import type { RowPlan } from './dashboard-shape.ts'

/** What users notice: is it well now, and where it is not, which requests. */
export const USERS: readonly RowPlan[] = [
  {
    title: 'Is it well now?',
    panels: [
      { title: 'Requests per second', unit: 'reqps', lines: [[sum(`${REQUESTS}_count`, ASKED), 'all']] },
      {
        title: 'Errors, share of requests',
        unit: 'percentunit',
        description: "5xx are ours, 4xx the clients'.",
        lines: [
          [shareOf('5xx'), 'failed (5xx)'],
          [shareOf('4xx'), 'refused (4xx)'],
        ],
        colours: { 'failed (5xx)': ERROR, 'refused (4xx)': PALE },
      },
      {
        title: 'Time of pages and metadata',
        unit: 's',
        description: 'Without raw content, whose time is that of the line. Points are single requests, by their ids.',
        lines: [0.5, 0.9, 0.99].map((share) => [quantile(share, 'le', REQUESTS, PAGES), `p${share * 100}`]),
        bands: true,
        exemplars: true,
      },
      {
        title: 'What is nearest its limit',
        unit: 'percentunit',
        most: 1,
        description: 'Of the worst replica. Memory only where it has a limit, disk only where pastes lie on it.',
        lines: [
          [`max(${rate('process_cpu_seconds_total')})`, 'cpu (of one core)'],
          [used('paste_uploads', 'paste_uploads_limit'), 'uploads'],
          [used('process_open_fds', 'process_max_fds'), 'open files'],
          [used('process_resident_memory_bytes', 'paste_memory_limit_bytes'), 'memory'],
          [`max(1 - paste_disk_free_bytes{${OURS}} / paste_disk_size_bytes)`, 'disk'],
        ],
      },
    ],
  },
  {
    title: 'Requests',
    panels: [
      {
        title: 'By route',
        unit: 'reqps',
        stacked: true,
        lines: [[largest(8, sumBy('method, route', `${REQUESTS}_count`, ASKED)), '{{method}} {{route}}']],
      },
      {
        title: 'Failed, by route',
        unit: 'reqps',
        lines: [
          [largest(8, sumBy('method, route', `${REQUESTS}_count`, `${ASKED},status="5xx"`)), '{{method}} {{route}}'],
        ],
      },
      {
        title: 'p99 by route',
        unit: 's',
        lines: [[largest(8, quantile(0.99, 'method, route, le', REQUESTS, ASKED)), '{{method}} {{route}}']],
      },
      {
        title: 'Bytes in and out',
        unit: 'Bps',
        lines: [
          [sum('paste_http_response_size_bytes_sum'), 'out'],
          [sum('paste_http_request_size_bytes_sum'), 'in'],
        ],
      },
    ],
  },
]
