// Made by `npm run lab -- k6`: the load of one of its profiles for k6. Run: K6_NO_USAGE_REPORT=true k6 run this-file
// Other than in the lab, times count from when a request was sent, not from when it was due: iterations that k6 could
// not begin in time are in dropped_iterations.
import { check } from 'k6'
import { sha256 } from 'k6/crypto'
import exec from 'k6/execution'
import http from 'k6/http'

const PLAN = {}

const { url, mix, pastes, seconds, rates, bursts, vus } = PLAN
const made = []

export const options = {
  discardResponseBodies: false,
  summaryTrendStats: ['count', 'med', 'p(90)', 'p(99)', 'p(99.9)', 'max'],
  scenarios: scenarios(),
  // Thresholds that always hold have k6 show the figures of each operation.
  thresholds: Object.fromEntries(mix.map(({ operation }) => [`http_req_duration{operation:${operation}}`, ['max>=0']])),
}

function scenarios() {
  if (bursts)
    return Object.fromEntries(
      Array.from({ length: Math.max(1, Math.round(bursts.perSecond * seconds)) }, (_, index) => [
        `burst_${index}`,
        {
          executor: 'per-vu-iterations',
          vus: bursts.size,
          iterations: 1,
          startTime: `${Math.round((index * 1000) / bursts.perSecond)}ms`,
          env: { BURST: `${index}` },
        },
      ]),
    )
  return Object.fromEntries(
    rates.map((rate, index) => [
      `at_${rate}`,
      {
        executor: 'constant-arrival-rate',
        rate: Math.max(1, Math.round(rate * 100)),
        timeUnit: '100s',
        duration: `${seconds}s`,
        startTime: `${index * (seconds + 1)}s`,
        preAllocatedVUs: vus,
        maxVUs: vus * 4,
      },
    ]),
  )
}

export default function () {
  const entry = pickEntry()
  const paste = __ENV.BURST === undefined ? pickPaste(entry) : pastes[Number(__ENV.BURST) % pastes.length]
  operate[entry.operation](entry, paste)
}

const operate = {
  read(entry, [slug, digest]) {
    const reply = http.get(`${url}/raw/${slug}`, ask(entry))
    check(reply, { 'read: the bytes that were sent': ({ status, body }) => status === 200 && hex(body) === digest })
  },
  range(entry, [slug, digest, sizeBytes]) {
    const from = Math.floor(Math.random() * Math.max(1, sizeBytes - entry.rangeBytes))
    const range = `bytes=${from}-${Math.min(sizeBytes, from + entry.rangeBytes) - 1}`
    const reply = http.get(`${url}/raw/${slug}`, ask(entry, { range }))
    check(reply, {
      'range: of the right content': (r) => r.status === 206 && r.headers.Etag.includes(digest.slice(0, 32)),
    })
  },
  page(entry, [slug]) {
    check(http.get(`${url}/${slug}`, ask(entry, { accept: 'text/html' })), { 'page: 200': (r) => r.status === 200 })
  },
  describe(entry, [slug, digest]) {
    const reply = http.get(`${url}/api/v1/pastes/${slug}`, ask(entry))
    check(reply, { 'describe: of the right content': (r) => r.status === 200 && r.json('sha256') === digest })
  },
  create(entry) {
    const body = `k6 ${exec.scenario.iterationInTest} ${Math.random()}\n`.padEnd(sizeOf(entry.sizes), 'lorem ipsum ')
    const reply = http.post(`${url}/api/v1/pastes`, body, ask(entry, { 'content-type': 'text/plain' }))
    const isRight = check(reply, {
      'create: its digest': (r) => r.status === 201 && r.json('sha256') === sha256(body, 'hex'),
    })
    if (isRight) made.push([reply.json('slug'), reply.json('editToken')])
  },
  delete(entry) {
    const victim = made.shift()
    if (!victim) return
    const headers = { authorization: `Bearer ${victim[1]}` }
    const reply = http.del(`${url}/api/v1/pastes/${victim[0]}`, null, ask(entry, headers))
    check(reply, { 'delete: 204': (r) => r.status === 204 })
  },
  claim(entry, [slug]) {
    const reply = http.post(`${url}/api/v1/pastes/${slug}/claim`, null, ask(entry))
    check(reply, { 'claim: got it, or gone': (r) => r.status === 200 || r.status === 410 })
  },
  guess(entry) {
    const reply = http.get(`${url}/raw/${Math.random().toString(36).slice(2, 10).padEnd(8, 'x')}`, ask(entry))
    check(reply, { 'guess: not there, or refused': (r) => r.status === 404 || r.status === 429 })
  },
}

function ask({ operation }, headers = {}) {
  // One name for all addresses: k6 keeps figures by name.
  return {
    headers: { 'accept-encoding': 'identity', ...headers },
    tags: { operation, name: operation },
    responseType: operation === 'read' ? 'binary' : 'text',
  }
}

function hex(body) {
  return body ? sha256(body, 'hex') : ''
}

function pickEntry() {
  let left = Math.random() * mix.reduce((sum, { share }) => sum + share, 0)
  for (const entry of mix) {
    left -= entry.share
    if (left < 0) return entry
  }
  return mix[0]
}

const sums = {}

function pickPaste({ choice = 'uniform' }) {
  if (choice === 'one') return pastes[0]
  if (choice === 'uniform') return pastes[Math.floor(Math.random() * pastes.length)]
  let table = sums[choice.zipf]
  if (!table) {
    let sum = 0
    table = pastes.map((_, rank) => (sum += (rank + 1) ** -choice.zipf))
    sums[choice.zipf] = table
  }
  const wanted = Math.random() * table[table.length - 1]
  let low = 0
  let high = table.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (table[middle] <= wanted) low = middle + 1
    else high = middle
  }
  return pastes[low]
}

function sizeOf(sizes) {
  if (sizes.bytes) return sizes.bytes
  const normal = Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random())
  const sigma = Math.log(sizes.p99Bytes / sizes.medianBytes) / 2.3263478740408408
  return Math.min(sizes.mostBytes, Math.max(64, Math.round(sizes.medianBytes * Math.exp(sigma * normal))))
}
