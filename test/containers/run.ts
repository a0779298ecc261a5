// `npm run test:containers`: builds the image, starts config/compose.yaml and uses it through its published port. With
// a Docker engine that answers, the real images are pulled. Else, as root on Debian, an engine of our own is started,
// and the images of other people are replaced by images made here, with the same real servers from packages.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../services/ports.ts'
import { checkAlone } from './alone.ts'
import { createRun, type Run } from './command.ts'
import { checkComposed } from './composed.ts'
import type { Engine } from './engine.ts'
import { imagesOf, makeDebian, makeNode, makeService, makeVersitygw, type Workshop } from './images.ts'
import { CannotRun, haveEngine, mayInstall } from './machine.ts'
import { findCompose } from './stack.ts'
import { createSteps, type Steps } from './steps.ts'
import { checkSwarm } from './swarm.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const COMPOSE_FILE = join(ROOT, 'config/compose.yaml')
const SWARM_FILE = join(ROOT, 'config/swarm.yaml')
const SECRETS = join(ROOT, 'config/compose/secrets.sh')
const CACHE = join(ROOT, '.cache/containers')
const IMAGE = 'extended-pastebin:test'
/** What the black-box suite and the load want, as `.env` would have it. */
const SETTINGS = {
  PASTE_IMAGE: IMAGE,
  MIN_EXPIRY: '1s',
  RATE_LIMIT_CREATE: 'off',
  RATE_LIMIT_MISS: 'off',
  RATE_LIMIT_UPLOAD: 'off',
}
const MINUTE_MS = 60_000

async function testContainers(steps: Steps, run: Run, folder: string, interrupted: AbortSignal): Promise<void> {
  const starting = AbortSignal.any([interrupted, AbortSignal.timeout(3 * MINUTE_MS)])
  const engine = await haveEngine(run, join(CACHE, 'engine'), starting)
  print(engine.own ? 'Docker engine: our own, images made here' : 'Docker engine: the running one, images pulled')
  try {
    if (engine.own) await makeImages(steps, run, engine)
    await steps.must('the Dockerfile builds', 5 * MINUTE_MS, async (signal) => {
      const environment = engine.environment
      await run(engine.docker, ['build', ...proxies(), '--tag', IMAGE, ROOT], { environment, signal })
      return await imageSize(run, engine)
    })
    const secrets = join(folder, 'secrets')
    await steps.must('every secret is made, once', 10_000, async () => {
      const make = async () => {
        await run('sh', [SECRETS, secrets])
        return (await readdir(secrets)).map((name) => readFileSync(join(secrets, name), 'utf8')).join()
      }
      assert.equal(await make(), await make())
    })
    await checkAlone(steps, run, engine, IMAGE, await freePort())
    const port = await freePort()
    const variables = { ...SETTINGS, PORT: `${port}`, PUBLIC_URL: `http://localhost:${port}`, SECRETS_DIR: secrets }
    const command = await findCompose(run, engine)
    const file = join(folder, '.env')
    await writeFile(
      file,
      Object.entries(variables)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    )
    const project = `paste-test-${process.pid}`
    await checkComposed(steps, run, engine, { command, file: COMPOSE_FILE, project, variables: file }, port)
    if (engine.own) await checkSwarm(steps, run, engine, { file: SWARM_FILE, image: IMAGE, variables, port })
    else print('Did not run: the Swarm part. Why: this engine is not ours. To run it: stop that engine.')
  } finally {
    await engine.stop()
  }
}

async function makeImages(steps: Steps, run: Run, engine: Engine): Promise<void> {
  const certificates = process.env.NODE_EXTRA_CA_CERTS ?? '/etc/ssl/certs/ca-certificates.crt'
  const shop = (signal: AbortSignal): Workshop => ({ run, engine, cacheDir: CACHE, certificates, signal })
  const services = imagesOf(await readFile(COMPOSE_FILE, 'utf8'))
  const store = services.find(({ service }) => service === 'store')
  // Two minutes of compiling go on while Debian is fetched and unpacked.
  const made = await Promise.allSettled([
    steps.must('versitygw is built', 5 * MINUTE_MS, async (signal) => {
      await makeVersitygw(shop(signal), store?.image ?? '')
      return store?.image
    }),
    steps
      .must('image debian', 3 * MINUTE_MS, (signal) => makeDebian(shop(signal)))
      .then(() => steps.must('image node', 2 * MINUTE_MS, (signal) => makeNode(shop(signal)))),
  ])
  for (const result of made) if (result.status === 'rejected') throw result.reason
  for (const service of services) {
    await steps.must(`image ${service.service}`, 3 * MINUTE_MS, (signal) => makeService(shop(signal), service))
  }
}

async function imageSize(run: Run, { docker, environment }: Engine): Promise<string> {
  const bytes = async (image: string) =>
    Number(await run(docker, ['image', 'inspect', '--format={{.Size}}', image], { environment }))
  const all = await bytes(IMAGE)
  const base = await bytes('node:26-slim').catch(() => 0)
  return `${megabytes(all)} MB, ${megabytes(all - base)} MB of it on top of node:26-slim`
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0)
}

/** The builder's npm goes the way that ours goes; these arguments never become part of the image. */
function proxies(): string[] {
  const names = ['http_proxy', 'https_proxy', 'no_proxy'].flatMap((name) => [name, name.toUpperCase()])
  return names.filter((name) => process.env[name]).flatMap((name) => ['--build-arg', name])
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

const interruption = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => interruption.abort(new Error(`interrupted by ${name}`)))
}
const steps = createSteps({ print, now: () => performance.now(), interrupted: interruption.signal })
const folder = await mkdtemp(join(tmpdir(), 'paste-containers-'))
let cannot = 0
try {
  await testContainers(steps, createRun(process.env), folder, interruption.signal)
} catch (error) {
  if (error instanceof CannotRun) {
    print(`Did not run: the container tests. Why: ${error.message}. To run them: ${error.remedy}.`)
    cannot = process.env.CI === 'true' && (await mayInstall()) ? 1 : 0
  } else if (steps.counts().failed === 0) {
    print(String(error))
    cannot = 1
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
const { passed, failed } = steps.counts()
process.exitCode = failed + cannot > 0 ? 1 : 0
print(`${passed} passed, ${failed + cannot} failed`)
