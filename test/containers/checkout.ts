import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Run } from './command.ts'

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Where an operator reads what to type. */
const GUIDES = ['README.md', 'config/README.md']
const COPY = 'git ls-files -z | tar --null --files-from=- --ignore-failed-read -c | tar -x -C "$0"'

/** Copies what an operator's fresh clone has into a folder: no secrets, no settings, but changes not yet committed. */
export async function copyCheckout(run: Run, folder: string): Promise<void> {
  await run('sh', ['-ec', COPY, folder], { cwd: ROOT })
}

/** What the README says to type for Docker on one machine: the command for the secrets, and that for everything. */
export async function readmeCommands(): Promise<{ secrets: string; up: string }> {
  const guides = await Promise.all(GUIDES.map((name) => readFile(join(ROOT, name), 'utf8').catch(() => '')))
  const typed = [...guides.join('\n').matchAll(/`([^`\n]+)`/g)].flatMap(([, line = '']) => line.split(' && '))
  const find = (start: string) => {
    const found = typed.find((command) => command.startsWith(start))
    if (found === undefined) throw new Error(`neither ${GUIDES.join(' nor ')} has a command that begins with ${start}`)
    return found
  }
  return { secrets: find('sh config/compose/'), up: find('docker compose -p ') }
}
