import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { keepCompiledCode } from './compiled-code.ts'

/** How long requests under way may take to finish, and how long the whole stop may take. */
const FINISH_MS = 25_000
const STOP_MS = 30_000
/** A load balancer remembers a name for a second, and asks again within the next two. */
const NOTICED_MS = 3_000
/** How long a load balancer may take to let go of its connections. */
const LET_GO_MS = 1_000

// What this process makes is for its own user.
process.umask(0o077)

try {
  await serve()
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exit(1)
}

async function serve(): Promise<void> {
  const { loadConfig, settingWarnings } = await import('./settings/index.ts')
  const config = loadConfig()
  // Before most is loaded: a second start then reads compiled code instead of compiling hundreds of files.
  keepCompiledCode(config.dataDir)
  const [
    { createApp },
    { later, systemClock, systemRandom },
    platform,
    { default: closeWithGrace },
    { figuresStayHere },
  ] = await Promise.all([
    import('./app.ts'),
    import('./core/index.ts'),
    import('./platform/index.ts'),
    import('close-with-grace'),
    import('./wiring/index.ts'),
  ])
  const { createLogger, createLogOutput, lowerPoolPriority, stopListening, surviveBrokenStreams } = platform
  surviveBrokenStreams()
  const output = createLogOutput()
  const logger = createLogger({ level: config.logLevel, pretty: process.stderr.isTTY === true, output })
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  const app = await createApp({
    config,
    logger,
    clock: systemClock,
    random: systemRandom,
    version,
    droppedLogLines: output.dropped,
  })
  const { registration } = app.backends

  closeWithGrace({ delay: STOP_MS, logger: false }, async ({ err, signal }) => {
    if (err) logger.error({ err }, 'a bug ends this process')
    else logger.info({ signal }, 'stopping: requests under way are finished first')
    const force = later(() => app.http.app.server.closeAllConnections(), FINISH_MS)
    app.drain()
    await registration?.withdraw()
    // Ctrl-C comes from a person, who has no load balancer and doesn't want to wait.
    if (signal === 'SIGTERM') {
      if (registration) await delay(NOTICED_MS)
      await stopListening(app.http.app.server, LET_GO_MS)
    }
    await app.stop()
    clearTimeout(force)
    logger.info({}, 'stopped')
  })

  const url = await app.start()
  await lowerPoolPriority()
  registration?.start()
  const parts = {
    database: config.databaseUrl ? 'mysql' : 'sqlite',
    store: app.backends.store.name,
    redis: Boolean(config.redisUrl),
  }
  logger.info({ url, ...parts }, 'listening')
  for (const warning of settingWarnings(config)) logger.warn({}, warning)
  if (figuresStayHere(config))
    logger.warn(
      { host: config.host },
      'ADMIN_TOKEN is not set: /metrics, /stats and /performance answer only to this machine. Set it to open them to who knows it',
    )
  const folder = config.databaseUrl && config.s3Endpoint ? '' : `\n  data  ${resolve(config.dataDir)}`
  const { parts: states } = await app.readiness.ask()
  const lacking = ['database', 'schema', 'store'].filter((name) => (states[name] ?? 'ok') !== 'ok')
  process.stdout.write(
    `\n  ${config.brandName} ${lacking.length === 0 ? 'is ready' : `waits for its ${lacking.join(' and ')}, see the log`}\n\n  open  ${url}/${folder}\n  try   echo hello | curl -T- ${url}/\n\n`,
  )
}

/** One line for the operator where the cause is theirs to mend; the whole error where it is ours. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code } = error as { code?: string }
  if (code === 'EADDRINUSE')
    return 'The port is in use by another program: set PORT to another one, or stop that program.'
  const expected =
    error.constructor.name === 'ConfigError' || error.name === 'DataFolderInUse' || error.name === 'AppError'
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : ''
  return expected ? `${error.message}${cause}` : (error.stack ?? error.message)
}
