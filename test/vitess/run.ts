// `npm run test:vitess`: what a sharded cluster of MySQL 9.7 servers does under load: a primary that dies, one that gives
// way, shards that are split. Go builds Vitess, Debian's unstable suite brings MySQL, once; without either it says so and
// runs nothing. Ends like `npm test`: `N passed, N failed`.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { findCommand } from '../services/catalogue.ts'
import { installServices } from '../services/install.ts'
import { buildVitess } from '../services/vitess-programs.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const given = process.argv.slice(2)
const obstacle = findCommand('go') ? (lackOfMysql() ?? buildVitess()) : 'it needs Go 1.26 or newer to build Vitess'

if (obstacle !== undefined) {
  process.stderr.write(`Did not run: test/vitess. Why: ${obstacle}.\n\n0 passed, 0 failed\n`)
  // Where all that it needs is there, whoever asked for it wants to know.
  process.exitCode = findCommand('go') && process.env.CI === 'true' ? 1 : 0
} else {
  const child = spawn(process.execPath, ['test/run.ts', ...(given.length > 0 ? given : ['test/vitess'])], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, TEST_LANE: 'vitess' },
  })
  // Ctrl-C reaches it too, and it has servers to end.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  const [status] = (await once(child, 'exit')) as [number | null]
  process.exitCode = status ?? 1
}

function lackOfMysql(): string | undefined {
  const { mysql } = installServices(['mysql'])
  return mysql && `${mysql.why}; ${mysql.remedy}`
}
