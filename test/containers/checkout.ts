import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

const SECRETS = 'config/compose/secrets'
const SHIPPED = ['.dockerignore', 'Dockerfile', 'LICENSE', 'README.md', 'package-lock.json', 'package.json']
const FOLDERS = ['config', 'migrations', 'src']

/** Copies what an operator's fresh clone has of the service into an empty folder: no secrets, no settings. */
export async function copyCheckout(folder: string): Promise<void> {
  const made = [SECRETS, 'config/.env'].map((path) => join(ROOT, path))
  for (const name of [...SHIPPED, ...FOLDERS]) {
    await cp(join(ROOT, name), join(folder, name), { recursive: true, filter: (file) => !made.includes(file) })
  }
}

/** What the README says to type for Docker on one machine: the command for the secrets, and that for everything. */
export async function readmeCommands(): Promise<{ secrets: string; up: string }> {
  const row = /^\| Docker, one machine \|(.*)$/m.exec(await readFile(join(ROOT, 'README.md'), 'utf8'))?.[1] ?? ''
  const commands = [...row.matchAll(/`([^`]+)`/g)].map(([, command = '']) => command)
  const find = (start: string) => {
    const found = commands.find((command) => command.startsWith(start))
    if (found === undefined) throw new Error(`the README has no command that begins with ${start}`)
    return found
  }
  return { secrets: find('sh '), up: find('docker compose ') }
}
