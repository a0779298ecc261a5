import { tus } from './tus-request.js'

/** How often, and after how many ms times the number of the try, a name that was just given up is tried again. */
export const NAME_TRIES = 6
export const NAME_WAIT_MS = 500

/** Ends an upload; its last request may still be under way, so that the server refuses for a moment. @param {string} path */
export async function endUpload(path) {
  for (let tries = 1; tries <= NAME_TRIES; tries++) {
    const { status } = await tus('DELETE', path)
    if (status !== 409 && status !== 423 && status !== 503) return
    await new Promise((resolve) => setTimeout(resolve, tries * NAME_WAIT_MS))
  }
}
