import { describe, inject, test } from 'vitest'
import type { Missing } from './install.ts'
import { DID_NOT_RUN, type Services } from './provided.ts'
import { requestServices } from './requests.ts'

/**
 * Registers suites that need real servers. `body` is called, while the test file is collected, with the coordinates of
 * each service in `names`; the title of its suites names the server behind `sql`. Where one is missing, `body` is not
 * called: a suite that says so takes its place, marked as skipped, or failing when services are required (CI=true).
 */
export function whenService<Name extends keyof Services>(
  names: Name | readonly Name[],
  body: (services: Pick<Services, Name>) => void,
): void {
  const { folder, required } = inject('services')
  const wanted = [names].flat() as Name[]
  const answers = requestServices(folder, wanted)
  const available: Record<string, unknown> = {}
  const missing = new Map<Name, Missing>()
  for (const [index, name] of wanted.entries()) {
    const answer = answers[index]
    if (answer && 'missing' in answer) missing.set(name, answer.missing)
    else available[name] = answer?.coordinates
  }
  if (missing.size === 0) {
    const services = available as Pick<Services, Name>
    const { sql } = available as Partial<Services>
    // Servers that suites start themselves are of the kind that the run shares.
    if (sql) process.env.TEST_SQL = sql.name
    if (sql) describe(`on ${sql.product}`, () => body(services))
    else body(services)
    return
  }
  const absent = [...missing.keys()]
  const title = `${DID_NOT_RUN}needs ${absent.join(' and ')}`
  describe.runIf(required)(title, () => {
    test.each(absent)('%s can be had', (name) => {
      throw new Error(`${name}: ${missing.get(name)?.why}; to make it run: ${missing.get(name)?.remedy}`)
    })
  })
}
