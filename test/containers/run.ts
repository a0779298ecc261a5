// `npm run test:containers`: builds the image, starts config/compose.yaml and uses it through its published port. With
// a Docker engine that answers, the real images are pulled. Else, as root on Debian, an engine of our own is started,
// and the images of other people are replaced by images made here, with the same real servers from packages.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../services/ports.ts'
import { checkAlone } from './alone.ts'
import { copyCheckout, ROOT } from './checkout.ts'
import { createRun, type Run } from './command.ts'
import { checkComposed } from './composed.ts'
import type { Engine } from './engine.ts'
import { checkFull } from './full.ts'
import { imagesOf, makeDebian, makeNode, type Workshop } from './images.ts'
import { CannotRun, haveEngine, mayInstall } from './machine.ts'
import { makeServer, makeVersitygw, NotToBeHad } from './server-images.ts'
import { findCompose, type StackOptions } from './stack.ts'
import { createSteps, type Steps } from './steps.ts'
import { checkSwarm } from './swarm.ts'
import { checkUpgrade } from './upgrade.ts'

const COMPOSE_FILE = 'config/compose.yaml'
const CACHE = join(ROOT, '.cache/containers')
/** As compose.yaml and swarm.yaml call it. */
const IMAGE = 'extended-pastebin'
/** The other database that compose.yaml says it works with. */
const MARIADB = { service: 'mariadb', image: 'mariadb:11.8' }
/** What the black-box suite and the load want. */
const SETTINGS = {
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
    await checkAlone(steps, run, engine, IMAGE, await freePort())
    const port = await freePort()
    const checkout = join(folder, 'checkout')
    await mkdir(checkout)
    await copyCheckout(run, checkout)
    const variables = { ...SETTINGS, PORT: `${port}`, PUBLIC_URL: `http://localhost:${port}` }
    const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`)
    await writeFile(join(checkout, 'config/.env'), lines.join(''))
    const command = await findCompose(run, engine)
    const project = engine.own ? 'paste' : `paste-test-${process.pid}`
    const stack: StackOptions = { command, folder: checkout, files: [COMPOSE_FILE], project }
    await checkComposed(steps, run, engine, stack, port)
    await checkFull(steps, run, engine, stack, port)
    await checkUpgrade(steps, run, engine, { root: ROOT, folder, stack, port })
    if (engine.own) await checkSwarm(steps, run, engine, { folder: checkout, image: IMAGE, variables, port })
    else print('Did not run: the Swarm part. Why: this engine is not ours. To run it: stop that engine.')
  } finally {
    await engine.stop()
  }
}

async function makeImages(steps: Steps, run: Run, engine: Engine): Promise<void> {
  const certificates = process.env.NODE_EXTRA_CA_CERTS ?? '/etc/ssl/certs/ca-certificates.crt'
  const shop = (signal: AbortSignal): Workshop => ({ run, engine, cacheDir: CACHE, certificates, signal })
  const services = [...imagesOf(await readFile(join(ROOT, COMPOSE_FILE), 'utf8')), MARIADB]
  // Two minutes of compiling go on while Debian is fetched and unpacked.
  const made = await Promise.allSettled([
    steps.must('versitygw is built', 15 * MINUTE_MS, (signal) => makeVersitygw(shop(signal))),
    steps
      .must('image debian', 5 * MINUTE_MS, (signal) => makeDebian(shop(signal)))
      .then(() => steps.must('image node', 2 * MINUTE_MS, (signal) => makeNode(shop(signal)))),
  ])
  for (const result of made) if (result.status === 'rejected') throw result.reason
  for (const service of services) {
    await steps.must(`image ${service.service}`, 5 * MINUTE_MS, (signal) => makeServer(shop(signal), service))
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
  } else if (error instanceof NotToBeHad) {
    print(`Did not run: the container tests. Why: ${error.message}. To run them: change the version that is shipped.`)
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
