import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { patiently } from '../patience.ts'
import { create, logText, postRaw, send, sha256, until } from './client.ts'
import { startService } from './service.ts'

const MIB = 1024 * 1024

/** Starts an upload, sends its first half, and gives the function that sends the rest and reads the answer. */
async function halfAnUpload(base: string, bytes: Buffer): Promise<() => Promise<{ status: number; text: string }>> {
  const asked = request(`${base}/api/v1/pastes`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain', 'content-length': bytes.length },
  })
  const answered = once(asked, 'response')
  answered.catch(() => {})
  await new Promise((resolve) => asked.write(bytes.subarray(0, bytes.length / 2), resolve))
  return async () => {
    asked.end(bytes.subarray(bytes.length / 2))
    const [response] = await answered
    let text = ''
    for await (const chunk of response) text += chunk
    return { status: response.statusCode, text }
  }
}

describe('stopping', () => {
  test(
    'an upload that is under way is finished, and kept',
    async () => {
      const service = await startService()
      onTestFinished(() => service.stop())
      const bytes = logText(6 * MIB)
      const finish = await halfAnUpload(service.url, bytes)
      const before = service.url
      service.signal('SIGTERM')
      await until(
        () =>
          fetch(`${before}/health/live`).then(
            () => 'answers',
            () => 'refuses',
          ),
        (state) => state === 'refuses',
      )
      const { status, text } = await finish()
      expect(status).toBe(201)
      expect(await service.ended()).toBe(0)
      await service.restart()
      expect(sha256((await send(`${service.url}/raw/${JSON.parse(text).slug}`)).bytes)).toBe(sha256(bytes))
    },
    patiently(40_000),
  )

  test('idle connections do not hold it up', async () => {
    const service = await startService()
    onTestFinished(() => service.stop())
    const idle = connect(Number(new URL(service.url).port), '127.0.0.1')
    idle.write('GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n')
    await once(idle, 'data')
    const finish = await halfAnUpload(service.url, logText(2 * MIB))
    service.signal('SIGTERM')
    // While the upload is under way: what ends an upload that never finishes would end both.
    await once(idle, 'close')
    expect((await finish()).status).toBe(201)
    expect(await service.ended()).toBe(0)
  })

  test('a second signal ends it at once', async () => {
    const service = await startService()
    onTestFinished(() => service.stop())
    await halfAnUpload(service.url, logText(2 * MIB))
    const before = service.url
    service.signal('SIGTERM')
    await until(
      () =>
        postRaw(before, 'x').then(
          () => 'answers',
          () => 'refuses',
        ),
      (state) => state === 'refuses',
    )
    service.signal('SIGTERM')
    // 0 is the end of a stop that waited for the upload.
    expect(await service.ended()).toBe(1)
  })

  test('Ctrl-C ends it cleanly, and every paste is there when it starts again', async () => {
    const service = await startService()
    onTestFinished(() => service.stop())
    const made = await Promise.all([create(service.url, 'small'), create(service.url, logText(MIB))])
    expect(await service.kill('SIGINT')).toBe(0)
    await service.restart()
    for (const { slug, sha256: sum } of made) expect(sha256((await send(`${service.url}/raw/${slug}`)).bytes)).toBe(sum)
  })
})
