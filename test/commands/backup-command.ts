import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const fileOf = (command: string) => fileURLToPath(new URL(`../../src/commands/${command}.ts`, import.meta.url))

/** Compiling is most of what a command takes. */
export const COMPILED = join(tmpdir(), 'pastebin-compiled')

/** `npm run backup` or `npm run restore` as an operator runs it; gives its exit code and what it printed. */
export async function backup(
  command: 'backup' | 'restore' | 'migrate-store',
  environment: Record<string, string>,
  ...args: string[]
): Promise<{ code: number; text: string }> {
  const env = { PATH: process.env.PATH, NODE_COMPILE_CACHE: COMPILED, ...environment }
  const child = spawn(process.execPath, [fileOf(command), ...args], {
    cwd: tmpdir(),
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part) => (text += part))
  const [code] = await once(child, 'close')
  return { code, text }
}
