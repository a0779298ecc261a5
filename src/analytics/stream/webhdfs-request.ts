import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'

/** What HDFS refused, or that it could not be reached: status 0. The message is one line for the operator. */
export class HdfsError extends Error {
  /** HTTP status; 0 when there was no answer. */
  status: number
  /** The Java exception's name, such as `FileNotFoundException`; empty when there was none. */
  exception: string

  constructor(message: string, details: { status?: number; exception?: string; cause?: unknown } = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause })
    this.status = details.status ?? 0
    this.exception = details.exception ?? ''
  }
}

/** Milliseconds of silence, from either side, after which a request is given up. */
const SILENCE_MS = 10_000

/**
 * Sends one request and resolves with the response, its body unread, whatever its status. `node:http`, because a
 * DataNode sends an unasked `100 Continue` that `fetch` takes for a broken answer. A connection for each request: there
 * are few, and none is stale after a server was restarted. Throws {@link HdfsError} of status 0.
 */
export function sendRequest(method: string, url: URL, body?: Buffer, signal?: AbortSignal): Promise<IncomingMessage> {
  const send = url.protocol === 'https:' ? requestHttps : requestHttp
  const headers = body ? { 'content-type': 'application/octet-stream', 'content-length': body.length } : {}
  return new Promise((resolve, reject) => {
    const fail = (cause: Error) => reject(new HdfsError(`${url.host} can't be reached: ${cause.message}`, { cause }))
    const request = send(
      url,
      { method, headers, agent: false, timeout: SILENCE_MS, ...(signal && { signal }) },
      resolve,
    )
    request.once('timeout', () => request.destroy(new Error('it is silent'))).on('error', fail)
    request.end(body)
  })
}

/** The whole body, at most 16 MiB. Throws {@link HdfsError} of status 0 when it breaks off. */
export async function readBody(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length
      if (sizeBytes > 16 << 20) throw new Error('it is too long')
      chunks.push(chunk)
    }
  } catch (cause) {
    throw new HdfsError(`the answer broke off: ${(cause as Error).message}`, { cause })
  }
  return Buffer.concat(chunks)
}

/** What an answer of status 300 or more means; `what` is what was asked for. */
export function refusal(what: string, status: number, body: Buffer): HdfsError {
  let exception = ''
  let message = body.subarray(0, 200).toString()
  try {
    const parsed = JSON.parse(body.toString()) as { RemoteException?: { exception?: string; message?: string } }
    exception = parsed.RemoteException?.exception ?? ''
    message = parsed.RemoteException?.message ?? message
  } catch {
    // Not from WebHDFS: a proxy's page, say.
  }
  const [line = ''] = message.split('\n')
  return new HdfsError(`${what}: ${status} ${exception} ${line}`.trimEnd(), { status, exception })
}

/**
 * Whether the same request may succeed in a moment: no server, one that starts or hands over, no DataNode yet.
 * WebHDFS answers 403 to nearly everything, so the text of the error decides.
 */
export function mayPass(error: unknown): boolean {
  if (!(error instanceof HdfsError)) return false
  if (error.status === 0 || error.status >= 500 || error.status === 429) return true
  if (/^(Retriable|SafeMode|Standby|EOF)Exception$/.test(error.exception)) return true
  return (
    error.status === 403 &&
    /startup mode|safe mode|Failed to find datanode|could only be written to 0/i.test(error.message)
  )
}
