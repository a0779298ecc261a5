import { type Clock, type Logger, later, type RandomSource } from '../../core/index.ts'
import { type DnsAddress, exchange } from './exchange.ts'
import { checkAnswer, type Signed, signMessage, type TsigKey } from './tsig.ts'
import { type AddressChange, encodeUpdate } from './update.ts'

/** This replica's entry under the name by which load balancers find all of them. */
export type Registration = {
  /** Adds the address, now and again every half minute, until it is withdrawn; returns at once and never fails. */
  start(): void
  /** Removes the address; resolves when that is done or was tried in vain, within 3 s. */
  withdraw(): Promise<void>
  /** Whether the last word of the server was that the address is there. */
  isRegistered(): boolean
}

/** Whom to tell, and what. */
export type RegistrationOptions = {
  server: DnsAddress
  zone: string
  name: string
  /** Absent: the address from which this machine reaches the server. */
  address: string | undefined
  key: TsigKey
  clock: Clock
  random: RandomSource
  logger: Logger
}

/** How long an address may be remembered: load balancers ask as often. */
const TTL_SECONDS = 1
// A server that lost the entry, restored from a copy for instance, has it again after this.
const RENEW_MS = 30_000
const FIRST_RETRY_MS = 500
const WITHIN_MS = 1_000

/**
 * Registers by dynamic update (RFC 2136) with a signature (RFC 8945). A server that is away or refuses is asked
 * again after half a second, then ever later up to half a minute; the replica serves meanwhile, and logs it once.
 *
 * The entry of a killed replica stays: load balancers probe addresses themselves, and a replica that judged others
 * would remove them all the day its own network fails.
 */
export function createRegistration(options: RegistrationOptions): Registration {
  const { server, zone, name, key, clock, random, logger } = options
  let failures = 0
  let isRegistered = false
  let isLeaving = false
  let timer: NodeJS.Timeout | undefined
  let current: Promise<void> = Promise.resolve()

  async function tell(kind: AddressChange['kind']): Promise<void> {
    const now = () => Math.floor(clock.now() / 1_000)
    let request: Signed = { message: Buffer.alloc(0), mac: Buffer.alloc(0) }
    const answer = await exchange(server, WITHIN_MS, (own) => {
      const change = { kind, name, address: options.address ?? own, ttlSeconds: TTL_SECONDS }
      request = signMessage(encodeUpdate(random.bytes(2).readUInt16BE(0), zone, [change]), key, now())
      return request.message
    })
    checkAnswer(answer, request, key, now())
  }

  async function renew(): Promise<void> {
    try {
      await tell('add')
      if (!isRegistered) logger.info({ name }, 'registered with the DNS server')
      isRegistered = true
      failures = 0
    } catch (err) {
      if (failures === 0) logger.warn({ err, name }, 'this replica is not registered with the DNS server; trying again')
      isRegistered = false
      failures++
    }
    if (!isLeaving) timer = later(start, pauseMs(failures, random)).unref()
  }

  function start(): void {
    current = renew()
  }

  return {
    start,
    async withdraw() {
      isLeaving = true
      clearTimeout(timer)
      // An addition that is on its way must not arrive after the removal.
      await current
      isRegistered = false
      try {
        await tell('remove').catch(() => tell('remove'))
        logger.info({ name }, 'withdrawn from the DNS server')
      } catch (err) {
        logger.warn({ err, name }, 'this replica could not be withdrawn from the DNS server; its entry stays')
      }
    },
    isRegistered: () => isRegistered,
  }
}

/** Milliseconds until the next message, after so many failures in a row; spread by a fifth, so that replicas part. */
function pauseMs(failures: number, random: RandomSource): number {
  const pause = failures === 0 ? RENEW_MS : Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), RENEW_MS)
  return pause * (0.9 + (random.bytes(1).readUInt8(0) / 255) * 0.2)
}
