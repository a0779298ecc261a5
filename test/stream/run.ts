// `npm run test:stream`: events through a real Kafka into a real HDFS. Maven brings both, once; without Java or Maven it
// says so and runs nothing. Ends like `npm test`: `N passed, N failed`.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { HADOOP } from '../services/hdfs-config.ts'
import { bringJavaProgram, type JavaProgram, javaProgramFolder, missingForJava } from '../services/java.ts'
import { KAFKA } from '../services/kafka.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const missing = missingForJava()
const obstacle = missing.length > 0 ? `${missing.join(' and ')} not found` : (bring(KAFKA) ?? bring(HADOOP))

if (obstacle !== undefined) {
  const remedy = 'install a Java 17 or newer and Maven (Debian: openjdk-17-jre-headless maven)'
  process.stderr.write(`Did not run: test/stream. Why: ${obstacle}. To run it: ${remedy}.\n\n0 passed, 0 failed\n`)
  // Where both are there, whoever asked for it wants to know.
  process.exitCode = missing.length === 0 && process.env.CI === 'true' ? 1 : 0
} else {
  const given = process.argv.slice(2)
  const child = spawn(process.execPath, ['test/run.ts', ...(given.length > 0 ? given : ['test/stream'])], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, TEST_LANE: 'stream' },
  })
  // Ctrl-C reaches it too, and it has servers to end.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  const [status] = (await once(child, 'exit')) as [number | null]
  process.exitCode = status ?? 1
}

function bring(program: JavaProgram): string | undefined {
  if (!existsSync(javaProgramFolder(program)))
    process.stderr.write(`Fetching ${program.name} ${program.version} with Maven, once (about a minute) …\n`)
  const reason = bringJavaProgram(program)
  return reason === undefined ? undefined : `Maven could not fetch ${program.name}: ${reason}`
}
