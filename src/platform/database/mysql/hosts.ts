import { type LookupAddress, lookup } from 'node:dns'
import { connect, type LookupFunction, type Socket } from 'node:net'
import { promisify } from 'node:util'

/** The servers of one database, such as the nodes of a Galera cluster: each new connection goes to one that answers. */
export type MysqlHosts = {
  /** Opens a socket to the first server that accepts it: in the order given, those to be avoided last. */
  connect(port: number): Socket
  /** Puts the server with this IP address last, until another one is. */
  avoid(address: string | undefined): void
}

const lookupAll = promisify(lookup)
/** A machine that is off answers nothing; the next one is tried after this. */
const ATTEMPT_MS = 250
const KEEP_ALIVE_MS = 10_000

/**
 * The servers that the host of a URL names, separated by commas, as names or IPv4 addresses. A server that refuses
 * connections is passed over at once, and one that accepts and never speaks is avoided from then on; `avoid` is
 * for other reasons.
 */
export function createMysqlHosts(host: string): MysqlHosts {
  const names = host.split(',')
  const avoidedAs = new Map<string, number>()
  let avoided = 0

  async function find(): Promise<LookupAddress[]> {
    const found = await Promise.allSettled(names.map((name) => lookupAll(name, { all: true })))
    const addresses = found.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []))
    const failure = found.find((outcome) => outcome.status === 'rejected')
    if (addresses.length === 0) throw failure?.reason
    return addresses.sort((one, other) => (avoidedAs.get(one.address) ?? 0) - (avoidedAs.get(other.address) ?? 0))
  }
  // Node asks for the addresses of one name, and tries what it gets one after the other.
  const findAll: LookupFunction = (_host, _options, callback) => {
    find().then(
      (addresses) => callback(null, addresses),
      (error) => callback(error, []),
    )
  }
  function avoid(address: string | undefined): void {
    if (address !== undefined) avoidedAs.set(address, ++avoided)
  }

  return {
    connect(port) {
      const socket = connect({
        host,
        port,
        lookup: findAll,
        autoSelectFamily: true,
        autoSelectFamilyAttemptTimeout: ATTEMPT_MS,
        noDelay: true,
        keepAlive: true,
        keepAliveInitialDelay: KEEP_ALIVE_MS,
      })
      socket.once('connect', () => {
        const address = socket.remoteAddress
        socket.once('close', () => socket.bytesRead === 0 && avoid(address))
      })
      return socket
    },
    avoid,
  }
}
