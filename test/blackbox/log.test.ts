import { randomBytes } from 'node:crypto'
import { describe, expect, onTestFinished, test } from 'vitest'
import { bearer, create, json, postRaw, send, sendJson } from './client.ts'
import { startService } from './service.ts'

const canary = () => `canary${randomBytes(8).toString('hex')}`

describe('the log, at its most talkative', () => {
  test('holds no content, title, token, key, address, or name of a paste that is not public', async () => {
    const service = await startService({
      LOG_LEVEL: 'trace',
      TRUSTED_PROXIES: '127.0.0.1',
      ADMIN_TOKEN: 'canary-admin',
    })
    onTestFinished(() => service.stop())
    const { url } = service
    const secrets = {
      content: canary(),
      title: canary(),
      slug: canary(),
      unknown: canary(),
      key: canary(),
      token: canary(),
    }
    const address = '203.0.113.77'
    const from = { 'x-forwarded-for': address, 'user-agent': 'canary-agent', referer: 'https://canary.example/' }

    const made = await create(url, secrets.content, `slug=${secrets.slug}&title=${secrets.title}&visibility=unlisted`, {
      'idempotency-key': secrets.key,
      ...from,
    })
    const hidden = await create(url, secrets.content, 'visibility=private', from)
    for (const { slug } of [made, hidden])
      for (const path of [`/${slug}`, `/raw/${slug}`, `/download/${slug}`, `/api/v1/pastes/${slug}`])
        await send(url + path, { headers: { ...from, accept: 'text/html' } })
    const path = `${url}/api/v1/pastes/${made.slug}`
    await sendJson(path, 'PATCH', { title: secrets.title, expiresIn: '1h' }, { ...bearer(made.editToken), ...from })
    await sendJson(path, 'PATCH', { title: `${secrets.title}\n` }, { ...bearer(made.editToken), ...from })
    await send(path, { method: 'DELETE', headers: { ...bearer(secrets.token), ...from } })
    await send(`${path}?token=${secrets.token}`, { method: 'DELETE', headers: from })
    await postRaw(url, secrets.content, `slug=${secrets.slug}`, from)
    await postRaw(url, `{"content": "${secrets.content}`, '', { 'content-type': 'application/json', ...from })
    await send(`${url}/raw/${secrets.unknown}`, { headers: from })
    await send(`${url}/%zz${secrets.unknown}`, { headers: from })
    await send(`${url}/metrics`, { headers: bearer('canary-wrong') })
    await send(path, { method: 'DELETE', headers: { ...bearer(made.editToken), ...from } })
    await service.kill('SIGTERM')

    const log = service.output()
    expect(log.split('\n').length).toBeGreaterThan(10)
    const planted = { ...secrets, address, hidden: hidden.slug, editToken: made.editToken, agent: 'canary' }
    const found = Object.entries(planted).filter(([, text]) => log.includes(text))
    expect(found.map(([name]) => name)).toEqual([])
  })

  test('says which request failed, so that a user can be helped', async () => {
    const service = await startService({ LOG_LEVEL: 'debug' })
    onTestFinished(() => service.stop())
    const { requestId } = json<{ requestId: string }>(await send(`${service.url}/raw/nobody-has-it`))
    expect(requestId.length).toBeGreaterThan(4)
    await service.kill('SIGTERM')
    expect(service.output()).toContain(requestId)
  })
})
