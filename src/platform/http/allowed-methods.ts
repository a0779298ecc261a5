/** Knows which methods the address of a request has, so that a wrong one is 405 with Allow instead of 404. */
export type AllowedMethods = {
  /** Notes a route as Fastify declares it, such as `/raw/:slug`. */
  add(methods: string | string[], path: string): void
  /** The methods of a path without its query, in order of declaration; empty when no route has it. */
  of(path: string): string[]
}

/** An empty register. Matching is linear in the number of routes: it happens only for requests without a route. */
export function createAllowedMethods(): AllowedMethods {
  const routes: { matches: RegExp; specific: number; methods: Set<string>; path: string }[] = []
  return {
    add(methods, path) {
      const list = [methods].flat()
      const known = routes.find((route) => route.path === path)
      if (known) for (const method of list) known.methods.add(method)
      else
        routes.push({ matches: pattern(path), specific: path.split(':')[0]?.length ?? 0, methods: new Set(list), path })
    },
    of(path) {
      const matching = routes.filter((route) => route.matches.test(path) && !isPreflight(route))
      const best = Math.max(0, ...matching.map((route) => route.specific))
      return [...new Set(matching.filter((route) => route.specific === best).flatMap((route) => [...route.methods]))]
    },
  }
}

/** The route that answers OPTIONS below a folder says nothing of the addresses there. */
function isPreflight({ path, methods }: { path: string; methods: ReadonlySet<string> }): boolean {
  return path.endsWith('*') && methods.size === 1 && methods.has('OPTIONS')
}

function pattern(path: string): RegExp {
  const source = path
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/:[A-Za-z]+/g, '[^/]+')
    .replace('\\*', '.*')
  return new RegExp(`^${source}$`)
}
