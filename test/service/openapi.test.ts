import { Validator } from '@seriousme/openapi-schema-validator'
import { beforeAll, describe, expect, test } from 'vitest'
import { useService } from './support/service.ts'

type Operation = {
  responses: Record<string, unknown>
  operationId?: string
  summary?: string
  security?: Record<string, string[]>[]
}
type Document = {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { securitySchemes: Record<string, unknown> }
}

describe('the OpenAPI document', () => {
  const service = useService()
  let document: Document
  beforeAll(async () => {
    document = (await service.request('GET /api/openapi.json')).json()
  })

  test('is valid OpenAPI 3.1', async () => {
    expect(await new Validator().validate(structuredClone(document))).toEqual({ valid: true })
    expect(document.openapi).toMatch(/^3\.1\./)
  })

  test('documents every call under /api', () => {
    const declared = service.app.http.paths.filter(
      (path) => path.startsWith('/api/v1/') || path.startsWith('/api/paste'),
    )
    const documented = new Set(Object.keys(document.paths).map((path) => path.replace(/\{(\w+)\}/g, ':$1')))
    expect([...new Set(declared)].filter((path) => !documented.has(path))).toEqual([])
  })

  test('names its types, and has no choice of single words', () => {
    const text = JSON.stringify(document)
    const named = (document.components as { schemas?: object }).schemas
    expect(Object.keys(named ?? {})).toEqual(
      expect.arrayContaining([
        'Paste',
        'CreatePaste',
        'CreatedPaste',
        'CreatedLink',
        'Problem',
        'Visibility',
        'Limits',
      ]),
    )
    expect(text).not.toMatch(/"anyOf":\[\{"type":"string","(const|enum)"/)
    expect(text).not.toContain('"schema":{"schema"')
    expect(text).not.toContain('"*/*"')
  })

  test('says of each call what it is called, and that its errors are problems', () => {
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path))
    const ids = operations.map(({ operationId }) => operationId)
    expect(ids.filter((id) => id === undefined)).toEqual([])
    expect(new Set(ids).size).toBe(ids.length)
    for (const { responses } of operations)
      expect(responses.default).toMatchObject({ content: { 'application/problem+json': {} } })
  })

  test('says what each call is for', () => {
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path))
    expect(operations.filter(({ summary }) => !summary)).toEqual([])
  })

  test('knows every token that it names', () => {
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path))
    const named = new Set(operations.flatMap(({ security = [] }) => security.flatMap(Object.keys)))
    expect(named).toEqual(new Set(['editToken', 'adminToken']))
    expect(Object.keys(document.components.securitySchemes)).toEqual(expect.arrayContaining([...named]))
  })

  test('promises nothing that is not there', async () => {
    const { slug } = await service.create()
    for (const [template, methods] of Object.entries(document.paths))
      for (const method of Object.keys(methods)) {
        const path = template.replace(/\{\w+\}/g, slug)
        const answer = await fetch(`${service.url}${path}`, { method: method.toUpperCase() })
        expect([405, 500], `${method} ${path}`).not.toContain(answer.status)
        // A thing may be missing, an address may not; a stream has no end.
        if (answer.status === 404) expect(await answer.text()).not.toContain('nothing at this address')
        else await answer.body?.cancel()
      }
  })
})
