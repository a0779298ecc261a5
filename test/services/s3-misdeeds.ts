import type { IncomingMessage, ServerResponse } from 'node:http'
import { createS3Client, type S3Coordinates } from './s3.ts'
import type { S3Call } from './s3-operations.ts'

/** Reads the request to its end, as storage does, and answers with S3's error document. */
export function refusal(incoming: IncomingMessage, outgoing: ServerResponse, status: number, code: string): void {
  incoming.resume().on('end', () => {
    outgoing.writeHead(status, { 'content-type': 'application/xml' })
    outgoing.end(
      `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>planned by a test</Message></Error>`,
    )
  })
}

/** Sends the first `limitBytes` of the body and then calls `stop`, with the answer left unfinished. */
export function sendCut(answer: IncomingMessage, outgoing: ServerResponse, limitBytes: number, stop: () => void): void {
  let leftBytes = limitBytes
  outgoing.flushHeaders()
  answer.on('data', (bytes: Buffer) => {
    const piece = bytes.subarray(0, leftBytes)
    leftBytes -= piece.length
    if (leftBytes > 0) {
      outgoing.write(piece)
      return
    }
    answer.removeAllListeners('data').pause()
    outgoing.write(piece, stop)
  })
}

/** Sends the body with the lowest bit of one byte changed. */
export function sendFlipped(answer: IncomingMessage, outgoing: ServerResponse, atByte: number): void {
  let sentBytes = 0
  answer.on('data', (bytes: Buffer) => {
    const at = atByte - sentBytes
    sentBytes += bytes.length
    if (at >= 0 && at < bytes.length) bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
    outgoing.write(bytes)
  })
  answer.on('end', () => outgoing.end())
}

/** Puts the first `keptBytes` of the object in place of the whole: what is left when storage loses the rest. */
export async function overwriteShortened(
  storage: S3Coordinates,
  { bucket, key }: S3Call,
  keptBytes: number,
): Promise<void> {
  const { GetObjectCommand, PutObjectCommand } = await import('@aws-sdk/client-s3')
  const client = await createS3Client(storage)
  const target = { Bucket: bucket, Key: key }
  try {
    const { Body } = await client.send(new GetObjectCommand(target))
    const whole = (await Body?.transformToByteArray()) ?? new Uint8Array()
    await client.send(new PutObjectCommand({ ...target, Body: whole.subarray(0, keptBytes) }))
  } finally {
    client.destroy()
  }
}
