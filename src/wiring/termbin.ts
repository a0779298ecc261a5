import { createTermbin } from '../clients/index.ts'
import { clientKey, type HttpServer } from '../platform/index.ts'

/**
 * The port that takes text without HTTP. Each text goes through `POST /` inside the process, with the address that it came
 * from: rates, keys, sizes, space and events are those of every other paste.
 */
export function openTermbin({ app }: HttpServer) {
  return createTermbin({
    clientOf: clientKey,
    async post(text, remoteAddress) {
      const headers = { 'content-type': 'application/octet-stream', host: 'localhost' }
      const answer = await app.inject({ method: 'POST', url: '/', payload: text, headers, remoteAddress })
      return answer.statusCode === 201 ? answer.body : `${answer.json<{ detail: string }>().detail}\n`
    },
  })
}
