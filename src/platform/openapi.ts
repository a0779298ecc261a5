import type { FastifyInstance, RouteOptions } from 'fastify'
import { tidyDocument } from './openapi-document.ts'

/** The service as the document describes it. */
export type OpenApiInfo = { title: string; version: string; publicUrl(): string }

/**
 * `GET /api/openapi.json`: an OpenAPI 3.1 document made of the schemas of the routes under `/api/`. Made with the
 * first request for it, by an application of its own, so that the generator is loaded only where it is used.
 */
export function openApiRoutes(app: FastifyInstance, info: OpenApiInfo): void {
  const routes: RouteOptions[] = []
  app.addHook('onRoute', (route) => {
    if (route.url.startsWith('/api/') && route.config?.openapi !== undefined) routes.push(route)
  })
  let document: Promise<string> | undefined
  app.get('/api/openapi.json', async (_request, reply) => {
    document ??= generate(routes, info)
    reply.header('cache-control', 'public, max-age=60').header('access-control-allow-origin', '*')
    return reply.type('application/json; charset=utf-8').send(await document)
  })
}

async function generate(routes: RouteOptions[], info: OpenApiInfo): Promise<string> {
  const [{ default: Fastify }, { default: swagger }] = await Promise.all([
    import('fastify'),
    import('@fastify/swagger'),
  ])
  const generator = Fastify({ exposeHeadRoutes: false })
  generator.setValidatorCompiler(() => () => true)
  generator.setSerializerCompiler(() => JSON.stringify)
  await generator.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: info.title, version: info.version, description: 'Paste up to 50 MiB, get a URL.' },
      servers: [{ url: info.publicUrl() }],
      components: {
        securitySchemes: {
          editToken: { type: 'http', scheme: 'bearer', description: 'The edit token of a create' },
          adminToken: { type: 'http', scheme: 'bearer', description: 'ADMIN_TOKEN, where the operator has set it' },
        },
      },
    },
  })
  await generator.register(async (scope) => {
    for (const { method, url, config } of routes) {
      const all = [method].flat()
      const documented = all.length === 1 ? all : all.filter((name) => name !== 'HEAD')
      scope.route({ method: documented, url, schema: (await config?.openapi?.()) ?? {}, handler: () => undefined })
    }
  })
  await generator.ready()
  const text = JSON.stringify(tidyDocument(JSON.parse(JSON.stringify(generator.swagger()))))
  await generator.close()
  return text
}
