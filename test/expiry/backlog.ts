// `node test/expiry/backlog.ts 1000000`: how long a sweep of so many ended pastes takes, and how long it holds up others.
import { measureBacklog } from './measure-backlog.ts'

const rows = Number(process.argv[2] ?? 1_000_000)
process.stdout.write(`${JSON.stringify(await measureBacklog(rows))}\n`)
