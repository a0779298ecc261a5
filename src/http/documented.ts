declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route's OpenAPI description, as Fastify's route schema; made on the first request for it. */
    openapi?: () => Promise<object>
  }
}

/**
 * Lets routes describe themselves with schemas that are loaded when they are first needed: the schema library costs
 * 100 ms and 17 MiB, which a server without JSON requests never spends.
 */
export function documentedBy<Schemas>(load: () => Promise<Schemas>) {
  return (describe: (schemas: Schemas) => object) => ({ openapi: async () => describe(await load()) })
}

/** Security in the OpenAPI document: none, or the admin token where `ADMIN_TOKEN` is set. */
export const OPERATOR_SECURITY = [{}, { adminToken: [] }]
