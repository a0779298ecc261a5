declare module 'fastify' {
  interface FastifyContextConfig {
    /** What OpenAPI says of the route, in the form of Fastify's route schema; made when somebody asks for it. */
    openapi?: () => Promise<object>
  }
}

/**
 * Lets routes describe themselves with schemas that are loaded when they are first needed: the schema library costs
 * 100 ms and 17 MiB, and a server that nobody asks for JSON does without it.
 */
export function documentedBy<Schemas>(load: () => Promise<Schemas>) {
  return (describe: (schemas: Schemas) => object) => ({ openapi: async () => describe(await load()) })
}

/** In the OpenAPI document: for everybody, or, where `ADMIN_TOKEN` is set, for who has it. */
export const OPERATOR_SECURITY = [{}, { adminToken: [] }]
