import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { FormCreated } from '../paste/index.ts'
import { putByKey } from './bytebin.ts'
import { type DialectDeps, JSON_TYPE } from './dialect.ts'
import { type Dialect, dialectRoutes } from './dialects.ts'
import { managedFields, managedHeaders } from './null-pointer.ts'
import { originalRoutes } from './original.ts'
import { deletionHeader, ownerRoutes } from './owner-calls.ts'
import { workerAnswer, workerDelete, workerFields, workerPut } from './pastebin-worker.ts'
import { pinnwandJson } from './pinnwand.ts'
import { privatebinGet, privatebinPost } from './privatebin.ts'
import { rustypastePost } from './rustypaste.ts'
import { type OtherCall, type ShellOthers, shellRoutes } from './shell.ts'
import { wastebinJson } from './wastebin.ts'

/** The one-line shell forms, the predecessor's calls, and the `spoken` formats of other pastebins. */
export function clientRoutes(app: FastifyInstance, deps: DialectDeps, spoken: ReadonlySet<Dialect>): void {
  shellRoutes(app, deps, othersOf(deps, spoken))
  originalRoutes(app, deps, spoken.has('pinnwand') ? pinnwandJson(deps) : undefined)
  dialectRoutes(app, deps, spoken)
  if (spoken.size > 0) ownerRoutes(app, deps, spoken.has('pastebin-worker') ? workerDelete(deps) : undefined)
}

/** What `GET /` with a query may mean in a `spoken` format. */
export function otherHome(deps: DialectDeps, spoken: ReadonlySet<Dialect>): OtherCall | undefined {
  return spoken.has('privatebin') ? privatebinGet(deps) : undefined
}

function othersOf(deps: DialectDeps, spoken: ReadonlySet<Dialect>): ShellOthers {
  const where = <Value>(dialect: Dialect, value: Value) => (spoken.has(dialect) ? [value] : [])
  return {
    posts: [...where('privatebin', privatebinPost(deps)), ...where('rustypaste', rustypastePost(deps))],
    puts: [...where('bytebin', putByKey(deps)), ...where('pastebin-worker', workerPut(deps))],
    json: where('wastebin', wastebinJson(deps)),
    fields: Object.assign({}, ...where('0x0', managedFields), ...where('pastebin-worker', workerFields)),
    answers: [
      ...where('pastebinit', redirected),
      ...where('pastebin-worker', (created: FormCreated, _request: FastifyRequest, reply: FastifyReply) => {
        const answer = workerAnswer(created, deps)
        if (answer) reply.code(200).type(JSON_TYPE)
        return answer
      }),
    ],
    headers: [...where('0x0', managedHeaders), ...where('transfer.sh', deletionHeader(deps))],
  }
}

/** pastebinit follows the redirection and prints where it ends; its forms name a poster, which nobody else's do. */
function redirected({ form }: FormCreated, _request: FastifyRequest, reply: FastifyReply): undefined {
  if (form?.fields.poster !== undefined) reply.code(302)
}
