import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { patiently } from '../patience.ts'

const source = new URL('../../src/', import.meta.url)
const page = readFileSync(new URL('README.md', source), 'utf8')

/** The files that the code block below this heading lists, in its order. */
function filesBelow(heading: string): string[] {
  const block = page.slice(page.indexOf(`### ${heading}`)).split('```')[1] ?? ''
  return block.split('\n').flatMap((line) => /^ {2}(\S+\.[jt]s)\b/.exec(line)?.[1] ?? [])
}

const WALKS = { create: 'Creating a paste', read: 'Reading it for the first time', page: 'Viewing its page' } as const
const beside = filesBelow('Beside every request')

describe('the requests that src/README.md follows', () => {
  let entered: Record<keyof typeof WALKS, string[]>

  beforeAll(async () => {
    const script = fileURLToPath(new URL('record-walks.ts', import.meta.url))
    const { stdout } = await promisify(execFile)(process.execPath, [script])
    entered = JSON.parse(stdout)
  }, patiently(120_000))

  test.each(Object.entries(WALKS))('%s enters no file that its list lacks', (walk, heading) => {
    const listed = [...filesBelow(heading), ...beside]
    expect(entered[walk as keyof typeof WALKS].filter((file) => !listed.includes(file))).toEqual([])
  })
  test.each(Object.entries(WALKS))('%s enters every file of its list', (walk, heading) => {
    const listed = filesBelow(heading)
    expect(listed.length).toBeGreaterThan(20)
    expect(listed.filter((file) => !entered[walk as keyof typeof WALKS].includes(file))).toEqual([])
  })
  test('every file that the page names exists', () => {
    for (const file of beside) expect(existsSync(new URL(file, source)), file).toBe(true)
  })
})
