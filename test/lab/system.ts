/** A part whose use of processors is watched. `pids` may give others after a restart. */
export type Watched = {
  resource: string
  pids(): number[]
  /** Whether it can use one core only: everything happens on its first thread. */
  oneThread: boolean
}

/** What is put under load. */
export type System = {
  /** Where requests go, without a slash at the end. */
  url: string
  /** For people: the URL, or what the lab started and with which settings. */
  name: string
  /** Replicas by themselves; empty when only the URL is known. */
  replicas: readonly { url: string }[]
  watched: readonly Watched[]
  /** Whether source addresses of 127.0.0.0/8 reach it. */
  isLocal: boolean
  adminToken: string | undefined
  /** Ends and starts the replicas, so that their memory is cold; undefined when the lab did not start them. */
  restart: (() => Promise<void>) | undefined
  /** Objects read from the store so far; undefined when nobody counts. */
  storeReads?: () => number
  stop(): Promise<void>
}

/** A service that runs somewhere. */
export function openTarget(url: string, adminToken: string | undefined): System {
  const { origin, hostname } = new URL(url)
  const isLocal = hostname === 'localhost' || hostname.startsWith('127.')
  const stop = async () => {}
  return { url: origin, name: origin, replicas: [], watched: [], isLocal, adminToken, restart: undefined, stop }
}
