import { relative } from 'node:path'
import type { TestProject } from 'vitest/node'
import type { MissingServices } from './install.ts'
import { DID_NOT_RUN } from './provided.ts'

/** One line for each missing service that a suite of this run asked for: which suites, why, and what would help. */
export function describeMissing(project: TestProject, missing: MissingServices): string[] {
  const filesOf = new Map<keyof MissingServices, Set<string>>()
  for (const module of project.vitest.state.getTestModules()) {
    for (const suite of module.children.allSuites()) {
      if (!suite.name.startsWith(DID_NOT_RUN)) continue
      for (const name of Object.keys(missing) as (keyof MissingServices)[]) {
        if (!suite.name.split(' ').includes(name)) continue
        const files = filesOf.get(name) ?? new Set()
        filesOf.set(name, files.add(relative(project.config.root, module.moduleId)))
      }
    }
  }
  return [...filesOf].map(
    ([name, files]) =>
      `Did not run without ${name}: ${[...files].join(', ')}. Why: ${missing[name]?.why}. To run them: ${missing[name]?.remedy}.`,
  )
}
