import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { freePort } from './ports.ts'
import type { S3Coordinates } from './s3.ts'
import { overwriteShortened, refusal, sendCut, sendFlipped } from './s3-misdeeds.ts'
import { parseS3Call, type S3Call, type S3Operation } from './s3-operations.ts'

/** How one call goes wrong. Codes are S3's error codes, such as `SlowDown` (503) or `AccessDenied` (403). */
export type S3Fault =
  /** Answers so without asking the storage. */
  | { kind: 'refuse'; status: number; code: string }
  /** Answers 200 with an `<Error>` document, as CompleteMultipartUpload may; the storage is not asked. */
  | { kind: 'errorIn200'; code: string }
  /** The storage does it, the client hears nothing: the connection is reset. */
  | { kind: 'loseReply' }
  /** Nothing is answered and the storage is not asked; the connection stays open. */
  | { kind: 'hang' }
  /** The body ends after so many bytes, short of its Content-Length, by a clean end of the connection. */
  | { kind: 'truncate'; afterBytes: number }
  /** One byte of the body is another one, in an answer of the same length. */
  | { kind: 'flip'; atByte: number }
  /** The body stops after so many bytes; the connection stays open. */
  | { kind: 'stall'; afterBytes: number }
  /** PutObject is acknowledged, and the object holds only so many of its bytes. */
  | { kind: 'storePart'; bytes: number }

/** S3 storage that fails when told to. It has coordinates of its own and otherwise passes every call on, streamed. */
export type S3Faults = S3Coordinates & {
  /** Lets the next `times` (default 1, may be Infinity) calls of this kind fail, after those planned before. */
  fail(operation: S3Operation, fault: S3Fault, times?: number): void
  /** Forgets all planned failures. */
  heal(): void
  /** Every call so far, failed ones included, oldest first. */
  calls: S3Call[]
  stop(): Promise<void>
}

/**
 * Starts an HTTP proxy in front of `storage` in this process. Requests keep the Host header that the client signed, so
 * that signatures stay valid; storage that answers to any host name is needed (Ceph does, with path-style addresses).
 */
export async function startS3Faults(storage: S3Coordinates): Promise<S3Faults> {
  const port = await freePort()
  const planned: { operation: S3Operation; fault: S3Fault; times: number }[] = []
  const calls: S3Call[] = []

  const takeFault = (operation: S3Operation) => {
    const plan = planned.find((candidate) => candidate.operation === operation && candidate.times > 0)
    if (plan) plan.times -= 1
    return plan?.fault
  }
  const server = createServer((incoming, outgoing) => {
    const call = parseS3Call(incoming.method ?? '', incoming.url ?? '')
    calls.push(call)
    const fault = takeFault(call.operation)
    if (fault?.kind === 'hang') incoming.resume()
    else if (fault?.kind === 'refuse') refusal(incoming, outgoing, fault.status, fault.code)
    else if (fault?.kind === 'errorIn200') refusal(incoming, outgoing, 200, fault.code)
    else forward(storage, call, incoming, outgoing, fault)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))

  return {
    ...storage,
    endpoint: `http://127.0.0.1:${port}`,
    port,
    fail: (operation, fault, times = 1) => void planned.push({ operation, fault, times }),
    heal: () => void planned.splice(0),
    calls,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function forward(
  storage: S3Coordinates,
  call: S3Call,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  fault?: S3Fault,
): void {
  const upstream = request({
    host: '127.0.0.1',
    port: storage.port,
    method: incoming.method,
    path: incoming.url,
    headers: incoming.rawHeaders,
    agent: false,
  })
  upstream.on('error', () => outgoing.destroy())
  outgoing.on('close', () => upstream.destroy())
  upstream.on('response', async (answer) => {
    answer.on('error', () => outgoing.destroy())
    if (fault?.kind === 'loseReply') {
      incoming.socket.resetAndDestroy()
      return
    }
    if (fault?.kind === 'storePart') await overwriteShortened(storage, call, fault.bytes)
    outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
    if (fault?.kind === 'truncate') sendCut(answer, outgoing, fault.afterBytes, () => incoming.socket.end())
    else if (fault?.kind === 'stall') sendCut(answer, outgoing, fault.afterBytes, () => {})
    else if (fault?.kind === 'flip') sendFlipped(answer, outgoing, fault.atByte)
    else answer.pipe(outgoing)
  })
  incoming.pipe(upstream)
}
