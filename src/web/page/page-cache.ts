import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import { createSingleFlight } from '../../core/index.ts'
import { type Encoding, noneMatchHolds } from '../../http/index.ts'
import { compress } from './compress.ts'

/** A page, rendered and compressed, ready for the wire. */
export type ReadyPage = {
  body: Buffer
  etag: string | null
  /** Epoch ms after which it must be rendered again. */
  staleAt: number
  /** Header names and values in turn, as `writeHead` takes them. */
  headers: string[]
  notModifiedHeaders: string[]
}

/** A rendered page: its HTML, its headers (lower case), and how long it may be sent again. */
export type FreshPage = { html: string; headers: Record<string, string>; staleAt: number }

/** Rendered pages, bounded by bytes. */
export type PageCache = {
  /** A page that may still be sent at `now`. */
  peek(key: string, now: number): ReadyPage | undefined
  /** Makes a page, once for all who ask at the same time, and keeps it. A failure is not kept. */
  make(key: string, encoding: Encoding, render: () => Promise<FreshPage> | FreshPage): Promise<ReadyPage>
}

/** An LRU of pages; one entry for each key, and a key names its encoding. */
export function createPageCache(maxBytes: number): PageCache {
  const pages = new LRUCache<string, ReadyPage>({
    maxSize: maxBytes,
    // Keys, headers and bookkeeping weigh something too.
    sizeCalculation: ({ body }) => body.length + 2_048,
  })
  const renders = createSingleFlight<ReadyPage>()
  return {
    peek(key, now) {
      const page = pages.get(key)
      return page !== undefined && page.staleAt > now ? page : undefined
    },
    make: (key, encoding, render) =>
      renders.run(key, async () => {
        const page = await prepare(encoding, render)
        pages.set(key, page)
        return page
      }),
  }
}

/** Compresses a page and writes its headers. A page with `no-store` gets no ETag. */
export async function prepare(encoding: Encoding, render: () => Promise<FreshPage> | FreshPage): Promise<ReadyPage> {
  const { html, headers, staleAt } = await render()
  const plain = Buffer.from(html)
  const body = await compress(plain, encoding, 'often')
  const kept = headers['cache-control'] !== 'no-store'
  const digest = () => createHash('sha256').update(plain).digest('base64url').slice(0, 22)
  const etag = kept ? `"${digest()}-${encoding}"` : null
  const always = { ...headers, ...(etag === null ? {} : { etag }) }
  const full = {
    'content-type': 'text/html; charset=utf-8',
    'content-length': String(body.length),
    ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
    ...always,
  }
  return {
    body,
    etag,
    staleAt,
    headers: Object.entries(full).flat(),
    notModifiedHeaders: Object.entries(always).flat(),
  }
}

/**
 * Writes a page to the socket past Fastify's own reply machinery: on this path every hook and serialiser would cost
 * more than the page. Answers 304 to a matching If-None-Match.
 */
export function sendPage(request: FastifyRequest, reply: FastifyReply, page: ReadyPage, status = 200): FastifyReply {
  reply.hijack()
  if (page.etag !== null && noneMatchHolds(request.headers['if-none-match'], [page.etag]))
    reply.raw.writeHead(304, [...page.notModifiedHeaders, 'x-request-id', request.id]).end()
  else reply.raw.writeHead(status, [...page.headers, 'x-request-id', request.id]).end(page.body)
  return reply
}
