import { documentedBy } from '../../http/index.ts'

/** The schemas of this room, loaded at the first call. */
export const loadSchemas = () => import('./schemas.ts')

/** A route's `config` that describes it by the schemas of this room. */
export const documented = documentedBy(loadSchemas)
