import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { bytesOf, fieldsOf, numberOf } from './protobuf.ts'

/** A span as it arrived (opentelemetry-proto, trace/v1). */
export type ReceivedSpan = {
  traceId: string
  spanId: string
  /** Empty for the first of a trace. */
  parentId: string
  name: string
  /** 2 server, 3 client. */
  kind: number
  durationMs: number
  attributes: Record<string, string | number>
  /** 2 is an error. */
  status: number
  service: string
}

/** A collector of traces of one's own: OTLP over HTTP with protobuf. */
export type Collector = {
  url: string
  spans: ReceivedSpan[]
  /** Everything that arrived, for looking for what must not be in it. */
  bytes(): Buffer
  /** The headers of the last delivery. */
  headers(): Record<string, unknown>
  /** From now on deliveries are answered like this; 'never' leaves them without an answer. */
  answer(how: number | 'never'): void
  stop(): Promise<void>
}

/** Starts one on a free loopback port. */
export async function startCollector(): Promise<Collector> {
  const spans: ReceivedSpan[] = []
  const bodies: Buffer[] = []
  let headers: Record<string, unknown> = {}
  let how: number | 'never' = 200
  const server = createServer(async (request, response) => {
    const body = await buffer(request)
    if (how === 'never') return
    headers = request.headers
    bodies.push(body)
    if (how === 200 && request.url === '/v1/traces') spans.push(...spansOf(body))
    response.writeHead(how, { 'content-type': 'application/x-protobuf' }).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    bytes: () => Buffer.concat(bodies),
    headers: () => headers,
    answer(next) {
      how = next
    },
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** The spans of an ExportTraceServiceRequest. */
function spansOf(request: Buffer): ReceivedSpan[] {
  return bytesOf(request, 1).flatMap((ofResource) => {
    const service = `${attributesOf(bytesOf(ofResource, 1)[0] ?? Buffer.alloc(0), 1)['service.name']}`
    const scopes = bytesOf(ofResource, 2)
    return scopes.flatMap((scope) => bytesOf(scope, 2).map((span) => spanOf(span, service)))
  })
}

function spanOf(span: Buffer, service: string): ReceivedSpan {
  const bytes = (number: number) => bytesOf(span, number)[0] ?? Buffer.alloc(0)
  return {
    traceId: bytes(1).toString('hex'),
    spanId: bytes(2).toString('hex'),
    parentId: bytes(4).toString('hex'),
    name: bytes(5).toString(),
    kind: Number(numberOf(span, 6)),
    durationMs: Number(numberOf(span, 8) - numberOf(span, 7)) / 1e6,
    attributes: attributesOf(span, 9),
    status: Number(numberOf(bytes(15), 3)),
    service,
  }
}

/** Attributes are KeyValue messages: key 1, value 2, which is text in field 1 or a number in another. */
function attributesOf(message: Buffer, number: number): ReceivedSpan['attributes'] {
  const pairs = bytesOf(message, number).map((pair) => {
    const [key, value] = [bytesOf(pair, 1)[0], bytesOf(pair, 2)[0]]
    const inner = fieldsOf(value ?? Buffer.alloc(0))[0]?.value ?? ''
    return [`${key}`, Buffer.isBuffer(inner) ? inner.toString() : Number(inner)]
  })
  return Object.fromEntries(pairs)
}
