// Loaded with `--import` before the service: gives it a source in which one promise is broken.
import { registerHooks } from 'node:module'
import { MUTATION_VARIABLE, MUTATIONS, type Mutation, type MutationName } from './mutations.ts'

const mutation: Mutation = MUTATIONS[process.env[MUTATION_VARIABLE] as MutationName]

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context)
    if (!url.endsWith(`/${mutation.file}`)) return loaded
    const source = String(loaded.source)
    // A mutation that no longer changes anything must not pass for one that is caught.
    if (!source.includes(mutation.from)) throw new Error(`${mutation.file} has no "${mutation.from}"`)
    return { ...loaded, source: source.replace(mutation.from, mutation.to) }
  },
})
