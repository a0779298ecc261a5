import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect } from 'vitest'
import { type App, createApp } from '../../../src/app.ts'
import { type Clock, systemClock, systemRandom } from '../../../src/core/index.ts'
import { loadConfig } from '../../../src/settings/config.ts'
import { silentLogger } from '../../platform/silent-logger.ts'
import type { Answer } from './answer.ts'
import { type Backing, embedded } from './backing.ts'
import { type Fields, paste, request } from './message.ts'
import { type Ask, ask } from './wire.ts'

/** The whole service, listening on a port of its own, for the tests of one suite. */
export type Service = {
  readonly port: number
  /** The address that it gives to users, without a slash at the end. */
  readonly url: string
  readonly app: App
  readonly backing: Backing
  readonly clock: TestClock
  /** Slugs of every 201 that came through `ask`, and those that a test adds. */
  readonly made: Set<string>
  /** What was thrown past all handlers since the service started. */
  readonly crashes: readonly unknown[]
  /** Sends exact bytes over a connection of their own. */
  ask(bytes: Ask, patienceMs?: number): Promise<Answer>
  /** `ask` with a request by its start, such as `GET /raw/x`. */
  request(start: string, fields?: Fields, body?: string | Buffer): Promise<Answer>
  /** Makes a paste by JSON and gives the 201's document. Fails the test when it isn't one. */
  create(options?: Record<string, unknown>, fields?: Fields): Promise<Created>
}

/** The document of a 201, as far as tests use it. */
export type Created = {
  slug: string
  url: string
  rawUrl: string
  editToken: string
  sha256: string
  expiresAt: string
}

/** The machine's clock, which a test can push forward. */
export type TestClock = Clock & { advance(ms: number): void }

const NO_LIMITS = { RATE_LIMIT_CREATE: 'off', RATE_LIMIT_UPLOAD: 'off', RATE_LIMIT_MISS: 'off' }
const QUIET = { PORT: '0', ...NO_LIMITS, LOG_LEVEL: 'silent' }

/**
 * Starts the service in this process before the tests of the surrounding suite, and stops it after them. `settings`
 * are environment variables; `back` brings the backends.
 */
export function useService(settings: Record<string, string> = {}, back: () => Promise<Backing> = embedded): Service {
  const clock = testClock()
  const crashes: unknown[] = []
  const onCrash = (error: unknown) => void crashes.push(error)
  let running: { app: App; url: string; backing: Backing } | undefined

  beforeAll(async () => {
    process.on('uncaughtExceptionMonitor', onCrash).on('unhandledRejection', onCrash)
    const backing = await back()
    const config = loadConfig({ ...QUIET, ...backing.environment, ...settings })
    const app = await createApp({ config, logger: silentLogger, clock, random: systemRandom, version: '0.0.0' })
    running = { app, url: await app.start(), backing }
  })
  afterAll(async () => {
    await running?.app.stop()
    await running?.backing.end()
    process.off('uncaughtExceptionMonitor', onCrash).off('unhandledRejection', onCrash)
  })

  const now = () => {
    if (!running) throw new Error('the service runs only during tests')
    return running
  }
  const service: Service = {
    get app() {
      return now().app
    },
    get url() {
      return now().url
    },
    get backing() {
      return now().backing
    },
    get port() {
      return (now().app.http.app.server.address() as AddressInfo).port
    },
    clock,
    made: new Set<string>(),
    crashes,
    async ask(bytes, patienceMs) {
      const answer = await ask(service.port, bytes, patienceMs)
      if (answer.status === 201) service.made.add(answer.headers.location?.split('/').at(-1) ?? answer.json().id)
      return answer
    },
    request: (start, fields, body) => service.ask(request(start, fields, body)),
    async create(options = {}, fields = {}) {
      const answer = await service.ask(paste(options, fields))
      expect(answer.status, answer.text()).toBe(201)
      return answer.json()
    },
  }
  return service
}

function testClock(): TestClock {
  let aheadMs = 0
  return {
    now: () => systemClock.now() + aheadMs,
    advance(ms) {
      aheadMs += ms
    },
  }
}
