import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { freePort } from './ports.ts'

const COUNT = 1000
/** Takes as many ports in another process, and says them. */
const TAKER = `
import { freePort } from ${JSON.stringify(new URL('./ports.ts', import.meta.url).href)}
const ports = []
while (ports.length < ${COUNT}) ports.push(await freePort())
console.log(JSON.stringify(ports))`

test('no two callers get the same free port, in one process or in two', async () => {
  const ports: number[] = []
  while (ports.length < COUNT) ports.push(await freePort())
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', TAKER])
  ports.push(...(JSON.parse(stdout) as number[]))
  expect(new Set(ports).size).toBe(2 * COUNT)
})
