import { expect, test } from 'vitest'
import { onBothLanes } from './support/lanes.ts'
import { type Service, useService } from './support/service.ts'

const BEARER = { Authorization: 'Bearer secret' }
const ADMIN = '/api/v1/admin/pastes'
const TEXT = { 'Content-Type': 'text/plain' }

const paste = async (service: Service, body = 'stolen words\n', query = ''): Promise<string> => {
  const made = await service.request(`POST /api/v1/pastes${query}`, { 'Content-Type': 'text/plain' }, body)
  expect(made.status).toBe(201)
  return made.json().slug
}
const remove = (service: Service, slug: string, query = '', fields: Record<string, string> = BEARER) =>
  service.request(`DELETE ${ADMIN}/${slug}${query}`, fields)

onBothLanes(
  'an operator',
  (service) => {
    test('removes a paste without its edit token, and its address says why on every way in', async () => {
      const slug = await paste(service)
      expect((await remove(service, slug, '?reason=copyright')).status).toBe(204)
      for (const path of [`/api/v1/pastes/${slug}`, `/raw/${slug}`, `/download/${slug}`, `/${slug}`]) {
        const answer = await service.request(`GET ${path}`)
        expect([answer.status, answer.json().code, answer.json().reason]).toEqual([410, 'removed', 'copyright'])
      }
      const page = await service.request(`GET /${slug}`, { Accept: 'text/html', 'User-Agent': 'Mozilla/5.0' })
      expect(page.status).toBe(410)
      expect(page.text()).toContain('The operator of this service removed this paste. Reason: copyright.')
    })

    test('removes one that may be read only once, and nobody can read it then', async () => {
      const slug = await paste(service, 'a secret', '?burnAfterReading=true')
      expect((await remove(service, slug)).status).toBe(204)
      expect((await service.request(`POST /api/v1/pastes/${slug}/claim`)).json().code).toBe('removed')
    })

    test('leaves its owner no way back', async () => {
      const made = await service.request('POST /api/v1/pastes', { 'Content-Type': 'text/plain' }, 'mine')
      const { slug, editToken } = made.json()
      await remove(service, slug, '?reason=spam')
      const owner = { Authorization: `Bearer ${editToken}` }
      const edit = await service.request(`PUT /api/v1/pastes/${slug}/content`, owner, 'again')
      expect([edit.status, edit.json().code]).toEqual([410, 'removed'])
      const again = await service.request(`PUT /${slug}`, {}, 'again')
      expect([again.status, again.json().code]).toEqual([409, 'slug_quarantined'])
    })

    test('sees what is known of a paste, and of one that was removed', async () => {
      const slug = await paste(service, 'facts', '?visibility=private&title=A%20title')
      const live = await service.request(`GET ${ADMIN}/${slug}`, BEARER)
      expect(live.json()).toMatchObject({ slug, state: 'live', visibility: 'private', title: 'A title', sizeBytes: 5 })
      await remove(service, slug, '?reason=personal')
      const gone = await service.request(`GET ${ADMIN}/${slug}`, BEARER)
      expect(gone.json()).toMatchObject({ state: 'removed', reason: 'personal', title: null })
    })

    test('denies what was removed: it is not taken again, on any way in, until that is taken back', async () => {
      const bodies = ['small and unwanted\n', 'large and unwanted\n'.repeat(10_000)]
      for (const body of bodies) {
        const made = (await service.request('POST /api/v1/pastes', TEXT, body)).json()
        expect((await remove(service, made.slug, '?reason=malware&deny=true')).status).toBe(204)
        const other = (await service.request('POST /api/v1/pastes', TEXT, 'harmless')).json()
        const owner = { ...TEXT, Authorization: `Bearer ${other.editToken}` }
        const tus = { 'Tus-Resumable': '1.0.0', 'Content-Type': 'application/offset+octet-stream' }
        for (const answer of [
          await service.request('POST /api/v1/pastes', TEXT, body),
          await service.request('PUT /', {}, body),
          await service.request('POST /documents', {}, body),
          await service.request(`PUT /api/v1/pastes/${other.slug}/content`, owner, body),
          await service.request('POST /api/v1/uploads', { ...tus, 'Upload-Length': `${body.length}` }, body),
        ])
          expect([answer.status, answer.text()]).toEqual([403, expect.stringContaining('takes it no more')])
        expect((await service.request(`GET /raw/${other.slug}`)).text()).toBe('harmless')
        expect((await service.request(`DELETE /api/v1/admin/denied/${made.sha256}`, BEARER)).status).toBe(204)
        expect((await service.request('POST /api/v1/pastes', TEXT, body)).status).toBe(201)
        expect((await service.request(`PUT /api/v1/admin/denied/${made.sha256}`, BEARER)).status).toBe(204)
        expect((await service.request('POST /api/v1/pastes', TEXT, body)).json().code).toBe('denied')
      }
    })

    test('hears what is wrong with a request, and nothing is removed', async () => {
      const slug = await paste(service)
      const cases = [
        [await remove(service, slug, '?reason=because'), 422, 'validation_failed'],
        [await remove(service, slug, '?why=spam'), 422, 'unknown_field'],
        [await service.request('PUT /api/v1/admin/denied/abc', BEARER), 422, 'validation_failed'],
        [await service.request(`DELETE /api/v1/admin/denied/${'0'.repeat(64)}`, BEARER), 404, 'not_found'],
        [await service.request(`PUT /api/v1/admin/denied/${'0'.repeat(64)}`), 401, 'token_required'],
        [await remove(service, 'nobody-has-this'), 404, 'not_found'],
        [await remove(service, slug, '', {}), 401, 'token_required'],
        [await remove(service, slug, '', { Authorization: 'Bearer guess' }), 403, 'token_invalid'],
        [await service.request(`GET ${ADMIN}/${slug}`), 401, 'token_required'],
      ] as const
      for (const [answer, status, code] of cases) expect([answer.status, answer.json().code]).toEqual([status, code])
      expect((await service.request(`GET /raw/${slug}`)).status).toBe(200)
    })
  },
  { ADMIN_TOKEN: 'secret' },
)

const open = useService()
test('nobody is an operator where there is no admin token', async () => {
  const slug = await paste(open)
  for (const fields of [BEARER, {}])
    expect((await remove(open, slug, '', fields as Record<string, string>)).json().code).toBe('admin_only')
})
