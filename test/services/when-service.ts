import { describe, inject, test } from 'vitest'
import type { ServiceName } from './catalogue.ts'
import type { Missing } from './install.ts'
import { DID_NOT_RUN, type Services } from './provided.ts'
import { requestServices } from './requests.ts'

/**
 * Registers suites that need real servers. `body` is called, while the test file is collected, with the coordinates of
 * each service in `names`. Where one is missing, `body` is not called: a suite that says so takes its place, marked as
 * skipped, or failing when services are required (CI=true).
 */
export function whenService<Name extends ServiceName>(
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
    body(available as Pick<Services, Name>)
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
