import { documentedBy } from '../../http/index.ts'

let loaded: Promise<typeof import('./schemas.ts')> | undefined

/** This room's schemas, loaded at the first call. An `import()` costs microseconds each time, a kept promise nothing. */
export function loadSchemas(): Promise<typeof import('./schemas.ts')> {
  loaded ??= import('./schemas.ts')
  return loaded
}

/** A route's `config` with its OpenAPI description by this room's schemas. */
export const documented = documentedBy(loadSchemas)
