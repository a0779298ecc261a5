import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { afterwards } from './support/afterwards.ts'
import { expectProblem } from './support/bad-input.ts'
import { onBothLanes } from './support/lanes.ts'
import { file, form, paste, raw, request } from './support/message.ts'
import type { Service } from './support/service.ts'
import type { Ask } from './support/wire.ts'

const LARGE = Buffer.alloc(1024 * 1024, 'a text of 1 MiB. ')
const key = (name: string) => ({ 'Idempotency-Key': name })
const ofSlug = async (service: Service, slug: string) =>
  service.app.backends.database.db.selectFrom('pastes').select('slug').where('slug', '=', slug).execute()

onBothLanes('Idempotency-Key', (service) => {
  test.for<{ what: string; asking: (name: string) => Ask }>([
    { what: 'JSON', asking: (name) => paste({}, key(name)) },
    { what: 'a form', asking: (name) => form([file()], key(name)) },
    { what: 'a small raw body', asking: (name) => raw('some text', key(name)) },
    { what: 'a large raw body', asking: (name) => raw(LARGE, key(name)) },
    { what: 'a shell form', asking: (name) => request('POST /', key(name), 'some text') },
    {
      what: 'a link',
      asking: (name) =>
        request(
          'POST /api/v1/links',
          { 'Content-Type': 'application/json', ...key(name) },
          '{"url":"https://example.com"}',
        ),
    },
  ])('$what twice makes one paste, with the same slug and token', async ({ what, asking }) => {
    const [first, second] = [
      await service.ask(asking(`twice ${what}`.replaceAll(' ', '-'))),
      await service.ask(asking(`twice ${what}`.replaceAll(' ', '-'))),
    ]
    expect([first.status, second.status]).toEqual([201, 201])
    expect(second.headers.location).toBe(first.headers.location)
    expect(second.body.equals(first.body)).toBe(true)
    expect(second.headers['x-edit-token']).toBe(first.headers['x-edit-token'])
    expect(await ofSlug(service, first.headers.location?.split('/').at(-1) ?? '')).toHaveLength(1)
  })

  test.for([
    { what: 'small', content: 'some text' },
    { what: 'large', content: LARGE },
  ])('16 times at once, $what, makes one paste', async ({ what, content }) => {
    const asking = raw(content, key(`at-once-${what}`))
    const answers = await Promise.all(Array.from({ length: 16 }, () => service.ask(asking)))
    const made = answers.filter(({ status }) => status === 201).map((answer) => answer.json())
    for (const answer of answers.filter(({ status }) => status !== 201))
      expectProblem(answer, 'idempotency_in_progress')
    expect(new Set(made.map(({ slug }) => slug)).size).toBe(1)
    expect(new Set(made.map(({ editToken }) => editToken)).size).toBe(1)
  })

  test('line 64: while the first is under way, a second is told to wait', async () => {
    const { bytes } = raw(LARGE, key('held-back'))
    const socket = connect(service.port, '127.0.0.1')
    socket.write(bytes.subarray(0, bytes.length - 1))
    const uploading = () =>
      service.app.backends.database.db.selectFrom('pastes').select('slug').where('state', '=', 'uploading').execute()
    await expect.poll(uploading).toHaveLength(1)
    const answer = await service.ask(raw(LARGE, key('held-back')))
    expectProblem(answer, 'idempotency_in_progress')
    expect(answer.headers['retry-after']).toBe('1')
    const first = new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())))
    socket.write(bytes.subarray(-1))
    const { slug } = JSON.parse((await first).split('\r\n\r\n')[1] ?? '')
    socket.destroy()
    expect((await service.ask(raw(LARGE, key('held-back')))).json().slug).toBe(slug)
  })

  test('a request that failed may be sent again', async () => {
    const { slug } = await service.create()
    expectProblem(await service.ask(paste({ slug }, key('failed'))), 'slug_taken')
    expectProblem(await service.ask(paste({ slug }, key('failed'))), 'slug_taken')
  })

  test('other content under the same key is refused', async () => {
    await service.ask(raw('one', key('two-contents')))
    expectProblem(await service.ask(raw('other', key('two-contents'))), 'idempotency_mismatch')
  })

  test('a token made under a key edits', async () => {
    const { slug, editToken } = await service.create({}, key('edits'))
    const answer = await service.request(`DELETE /api/v1/pastes/${slug}`, { Authorization: `Bearer ${editToken}` })
    expect(answer.status).toBe(204)
  })

  test('a repetition after the paste was deleted says so', async () => {
    const { slug, editToken } = await service.create({}, key('deleted'))
    await service.request(`DELETE /api/v1/pastes/${slug}`, { Authorization: `Bearer ${editToken}` })
    expectProblem(await service.ask(paste({}, key('deleted'))), 'deleted')
  })
  afterwards(service)
})
