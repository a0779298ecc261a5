/** Errors are red. */
export const ERROR = '#c4362f'
/** What is no matter, grey. */
export const PALE = '#b0b0b0'
/** The job and the replicas that are chosen. */
export const OURS = 'job="$job",instance=~"$replica"'
/** Of them what users asked: health and scrapes are nobody's requests. */
export const ASKED = `${OURS},route!~"/health/.*|/metrics"`
/** Of that, whose time is ours alone, not that of the client's line. */
export const PAGES = `${OURS},method="GET",route=~"/|/:slug|/recent|/api/v1/pastes/:slug"`
/** The histogram of requests. */
export const REQUESTS = 'paste_http_request_duration_seconds'
/** The histogram of calls to the parts behind. */
export const CALLS = 'paste_part_call_duration_seconds'

/** A counter per second, for each series. */
export const rate = (counter: string, labels = OURS) => `rate(${counter}{${labels}}[$__rate_interval])`
/** A counter per second, in all. */
export const sum = (counter: string, labels = OURS) => `sum(${rate(counter, labels)})`
/** A counter per second, for each value of these labels. */
export const sumBy = (by: string, counter: string, labels = OURS) => `sum by (${by}) (${rate(counter, labels)})`
/** A quantile of a histogram over all replicas; `by` has `le` in it. */
export const quantile = (share: number, by: string, histogram: string, labels: string) =>
  `histogram_quantile(${share}, ${sumBy(by, `${histogram}_bucket`, labels)})`
/** The `count` largest. */
export const largest = (count: number, expression: string) => `topk(${count}, ${expression})`
/** The share of requests with this status. */
export const shareOf = (status: string) =>
  `(${sum(`${REQUESTS}_count`, `${ASKED},status="${status}"`)} or vector(0)) / ${sum(`${REQUESTS}_count`, ASKED)}`
/** How much of its limit the worst replica uses. */
export const used = (figure: string, limit: string) => `max(${figure}{${OURS}} / ${limit})`
