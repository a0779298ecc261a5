/** The path below which the service lives, without a slash at the end: modules lie in its `/assets/`. */
export const BASE = new URL('..', import.meta.url).pathname.slice(0, -1)
