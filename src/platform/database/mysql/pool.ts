import type { Socket } from 'node:net'
import type { PoolConnection } from 'mysql2'
import { later } from '../../../core/index.ts'
import { leadsToVitess } from '../vitess/index.ts'
import { type MysqlLimits, mysqlHosts, poolOptions, SESSION_SETTINGS } from './options.ts'

/** mysql2's pool with what it lacks: a deadline for the wait, and connections that are always set up. */
export type MysqlPool = {
  /** A connection, to be given back by `release`. Throws a driver's error. */
  acquire(): Promise<PoolConnection>
  release(connection: PoolConnection): void
  /**
   * Ends a connection for good, without waiting for the server, which may never answer; the next ones go to another
   * server if there is one. It has to be released all the same.
   */
  discard(connection: PoolConnection): void
  /** Says goodbye on every connection, and cuts those off that do not answer within a second. */
  end(): Promise<void>
}

/** The driver's shape for errors of our own, so that they are classified like all others. */
export function driverError(code: 'POOL_EXHAUSTED' | 'ETIMEDOUT' | 'QUERY_TIMEOUT', message: string): Error {
  return Object.assign(new Error(message), { code })
}

/** mysql2's own queue still holds callers that gave up, so it may be full before ours is; its error has no code. */
function isFull({ message }: Error): boolean {
  return message === 'Queue limit reached.'
}

function destroyConnection(connection: PoolConnection): void {
  connection.destroy()
  // mysql2 only half-closes the socket; towards a server that is gone it would stay for minutes.
  socketOf(connection).destroy()
}

/** The socket, or the TLS socket on top of it; mysql2's types don't mention it. */
function socketOf(connection: PoolConnection): Socket {
  return (connection as PoolConnection & { stream: Socket }).stream
}

const GOODBYE_MS = 1_000

/** Opens connections as they are needed; the driver is loaded with the first pool, so embedded servers never do. */
export async function createMysqlPool(url: string, limits: MysqlLimits): Promise<MysqlPool> {
  const { createPool } = await import('mysql2')
  const hosts = mysqlHosts(url)
  const pool = createPool(poolOptions(url, limits, hosts))
  const mostOutstanding = limits.connections + limits.waiters
  const open = new Set<PoolConnection>()
  let waiting = 0
  let leased = 0

  pool.on('connection', (connection) => {
    open.add(connection)
    socketOf(connection).once('close', () => open.delete(connection))
    // An error between two statements has removed the connection from the pool; without a listener it ends the process.
    connection.on('error', () => {})
    // vtgate asks one shard about a setting, always the same one: with that shard down no connection could be made. The servers
    // behind it have the settings themselves.
    if (leadsToVitess(connection)) return
    for (const setting of SESSION_SETTINGS)
      connection.query(setting, (error) => {
        if (error) connection.destroy()
      })
  })

  return {
    acquire() {
      if (waiting + leased >= mostOutstanding)
        return Promise.reject(driverError('POOL_EXHAUSTED', 'too many statements wait for a connection'))
      return new Promise((resolve, reject) => {
        let isLate = false
        waiting++
        const deadline = later(() => {
          isLate = true
          waiting--
          reject(
            leased >= limits.connections
              ? driverError('POOL_EXHAUSTED', 'every connection was busy for too long')
              : driverError('ETIMEDOUT', 'no connection in time'),
          )
        }, limits.acquireMs)
        pool.getConnection((error, connection) => {
          clearTimeout(deadline)
          if (isLate) return connection?.release()
          waiting--
          if (error) return reject(isFull(error) ? driverError('POOL_EXHAUSTED', error.message) : error)
          leased++
          resolve(connection)
        })
      })
    },
    release(connection) {
      leased--
      connection.release()
    },
    discard(connection) {
      hosts?.avoid(socketOf(connection).remoteAddress)
      destroyConnection(connection)
    },
    end: () =>
      new Promise((resolve) => {
        const deadline = later(() => {
          for (const connection of open) destroyConnection(connection)
          resolve()
        }, GOODBYE_MS)
        pool.end(() => {
          clearTimeout(deadline)
          resolve()
        })
      }),
  }
}
