// Every server that a shipped file names, and the version of it that a test starts. test/services/shipped-versions.test.ts
// holds the two together; README.md beside it shows this table (npm run docs).

/** A server as shipped files name it, and as tests have it. */
export type ShippedServer = {
  part: string
  /** The words of the shipped files: an image with its tag, or a program with its version. */
  name: string
  /** The shipped files that name it, from the root of the repository. */
  files: readonly string[]
  /** The version that was last seen in tests; absent where no test can start it. */
  tested?: string
  /** How tests get it. */
  source: string
  /** What brings it to tests: a service of the catalogue, or a program of Go or Java by its name. */
  by?: { service: string } | { program: string }
  /** What differs from what is shipped, in plain words. */
  note?: string
}

const STACKS = ['config/compose.yaml', 'config/swarm.yaml']
const DEV = 'config/kubernetes/overlays/dev'
const UNSTABLE = 'Debian unstable, unpacked in a folder of its own'
const REPACKED = "the server is the image's own version; packaging and start script of the image are imitated"

export const SERVERS: readonly ShippedServer[] = [
  {
    part: 'MySQL',
    name: 'mysql:9.7',
    files: [...STACKS, `${DEV}/mysql.yaml`],
    tested: '9.7.4',
    source: UNSTABLE,
    by: { service: 'mysql' },
    note: REPACKED,
  },
  {
    part: 'MariaDB',
    name: 'mariadb:11.8',
    files: ['config/compose.yaml'],
    tested: '11.8.9',
    source: 'Debian 13, unpacked in a folder of its own',
    by: { service: 'mariadb-11.8' },
    note: `${REPACKED}. Most suites, Galera and Spider run on 10.11 of Debian 12 besides`,
  },
  {
    part: 'Redis',
    name: 'redis:8.0',
    files: [...STACKS, `${DEV}/redis.yaml`],
    tested: '8.0.6',
    source: UNSTABLE,
    by: { service: 'redis' },
    note: REPACKED,
  },
  {
    part: 'nginx',
    name: 'nginxinc/nginx-unprivileged:1.30-alpine',
    files: STACKS,
    tested: '1.30.6',
    source: UNSTABLE,
    by: { service: 'nginx' },
    note: `${REPACKED}, on Debian's C library instead of Alpine's`,
  },
  {
    part: 'nginx without a container',
    name: 'nginx 1.30',
    files: ['config/nginx/paste.conf'],
    tested: '1.30.6',
    source: UNSTABLE,
    by: { service: 'nginx' },
  },
  {
    part: 'S3 server',
    name: 'versity/versitygw:v1.8.0',
    files: [...STACKS, `${DEV}/store.yaml`],
    tested: '1.8.0',
    source: "built from Go's module proxy",
    by: { program: 'versitygw' },
    note: `${REPACKED}. Most suites use Ceph 16.2 of Debian 12, and test:wide MinIO too`,
  },
  {
    part: 'DNS server',
    name: 'BIND 9.20',
    files: ['config/dns/named.conf'],
    tested: '9.20.30',
    source: UNSTABLE,
    by: { service: 'dns' },
  },
  {
    part: 'Prometheus',
    name: 'prom/prometheus:v3.5.3',
    files: ['config/monitoring/compose.yaml'],
    tested: '3.5.3',
    source: UNSTABLE,
    by: { service: 'prometheus' },
    note: 'started as a program, not as the image',
  },
  {
    part: 'Grafana',
    name: 'grafana/grafana:12.1.0',
    files: ['config/monitoring/compose.yaml'],
    source: 'no registry of packages has it',
    note: 'not tested: no Grafana starts. Every query of the dashboard runs on the Prometheus above, and its JSON is checked',
  },
  {
    part: 'OpenTelemetry Collector',
    name: 'otelcol-contrib',
    files: ['config/monitoring/collector.yaml'],
    source: 'none',
    note: 'not tested: a receiver of our own that reads the protocol takes its place, and no test runs the file',
  },
  {
    part: 'Kafka',
    name: 'Kafka 4.4',
    files: ['src/analytics/stream/README.md'],
    tested: '4.4.0',
    source: 'Maven Central',
    by: { program: 'kafka' },
  },
  {
    part: 'HDFS',
    name: 'HDFS 3.5',
    files: ['src/analytics/stream/README.md'],
    tested: '3.5.0',
    source: 'Maven Central',
    by: { program: 'hadoop' },
  },
  {
    part: 'Node',
    name: 'node:26-slim',
    files: ['Dockerfile'],
    tested: '26.10.0',
    source: 'npm',
    by: { program: 'node' },
    note: 'the program of that version; the Debian 12 below it is made from packages',
  },
]

/** The version in a name: `1.30` of `nginxinc/nginx-unprivileged:1.30-alpine`; empty where it has none. */
export function versionIn(name: string): string {
  return /(?::v?| )(\d[\d.]*)/.exec(name)?.[1] ?? ''
}
