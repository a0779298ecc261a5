import { describe, inject, test } from 'vitest'
import { DID_NOT_RUN, type Services } from './provided.ts'

/**
 * Registers suites that need real servers. `body` is called, while the test file is collected, with the coordinates of
 * each service in `names`; `sql` is told by its name in the title. Where one is missing, `body` is not called: a suite that says so takes its place, marked as
 * skipped, or failing when services are required (CI=true).
 */
export function whenService<Name extends keyof Services>(
  names: Name | readonly Name[],
  body: (services: Pick<Services, Name>) => void,
): void {
  const { available, missing, required } = inject('services')
  const absent = [names].flat().filter((name) => !(name in available))
  if (absent.length === 0) {
    const services = available as Pick<Services, Name>
    if ([names].flat().some((name) => name === 'sql')) describe(`on ${available.sql?.product}`, () => body(services))
    else body(services)
    return
  }
  const title = `${DID_NOT_RUN}needs ${absent.join(' and ')}`
  describe.runIf(required)(title, () => {
    test.each(absent)('%s can be had', (name) => {
      throw new Error(`${name}: ${missing[name]?.why}; to make it run: ${missing[name]?.remedy}`)
    })
  })
}
