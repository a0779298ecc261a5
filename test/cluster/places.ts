import { freePort } from '../services/index.ts'

/** Where a replica listens. */
export type Place = { host: string; port: number }

/** `host:port`. */
export function hostAndPort({ host, port }: Place): string {
  return `${host}:${port}`
}

/** A place that is free, on 127.0.0.1. */
export async function placesOnOneHost(): Promise<Place> {
  return { host: '127.0.0.1', port: await freePort() }
}

const FIRST = 11

/**
 * Gives a function that gives one place after the other, 127.0.0.11 and so on, all with one port: a name says addresses
 * only. The whole of 127.0.0.0/8 is this machine (on Linux).
 */
export async function placesOnOnePort(): Promise<() => Promise<Place>> {
  const port = await freePort()
  let last = FIRST
  return async () => ({ host: `127.0.0.${last++}`, port })
}
