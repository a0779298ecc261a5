import { documentedBy } from '../../http/index.ts'

/** This room's schemas, loaded at the first call. */
export const loadSchemas = () => import('./schemas.ts')

/** A route's `config` with its OpenAPI description by this room's schemas. */
export const documented = documentedBy(loadSchemas)
