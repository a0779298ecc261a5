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
export function documentedBy<Schemas extends object>(load: () => Promise<Schemas>) {
  return (describe: (schemas: Schemas) => object) => ({
    openapi: async () => {
      const schemas = await load()
      giveTitles(schemas)
      return describe(schemas)
    },
  })
}

/** Gives each schema of an object or a choice the name of its export as title, under which the document has it. */
function giveTitles(schemas: object): void {
  for (const [name, schema] of Object.entries(schemas))
    if (name.endsWith('Schema') && (schema.type === 'object' || schema.anyOf !== undefined))
      schema.title ??= name.slice(0, -'Schema'.length)
}

/** Security in the OpenAPI document: none, or the admin token where `ADMIN_TOKEN` is set. */
export const OPERATOR_SECURITY = [{}, { adminToken: [] }]
