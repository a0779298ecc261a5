import { execFile } from 'node:child_process'
import { mkdtempDisposableSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { answerRequests } from './requests.ts'

const MODULE = new URL('requests.ts', import.meta.url).href

/** Asks from another process, as a test file does. */
async function ask(folder: string, names: string[]): Promise<unknown> {
  const script = `import { requestServices } from '${MODULE}'
    console.log(JSON.stringify(requestServices(${JSON.stringify(folder)}, ${JSON.stringify(names)})))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])
  return JSON.parse(stdout)
}

test('a service starts when the first file asks for it, once, and beside the others', async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'pastebin-requests-'))
  const started: string[] = []
  const bothAsked = Promise.withResolvers<void>()
  const answering = answerRequests(folder.path, async (name) => {
    started.push(name)
    if (started.length === 2) bothAsked.resolve()
    await bothAsked.promise
    return name === 'redis' ? { coordinates: { port: 1 } } : { missing: { why: 'no', remedy: 'none' } }
  })
  const answers = [{ coordinates: { port: 1 } }, { missing: { why: 'no', remedy: 'none' } }]
  const asked = await Promise.all([ask(folder.path, ['redis', 's3']), ask(folder.path, ['redis', 's3'])])
  expect(asked).toEqual([answers, answers])
  expect(started.sort()).toEqual(['redis', 's3'])
  answering.close()
})
