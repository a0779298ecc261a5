import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { TOOLS_FOLDER } from '../services/tools.ts'

/** The commit that was in use before this version; its successors must run beside it on the same data. */
const FORMER_VERSION = '86607c9'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const FOLDER = join(TOOLS_FOLDER, `former-${FORMER_VERSION}`)

/** The former version's `src/server.ts`, once {@link bringFormer} has brought it. */
export const FORMER_SERVER = join(FOLDER, 'src/server.ts')

/** Brings the former version with its own packages, once; says why it can't. */
export function bringFormer(): string | undefined {
  if (existsSync(FORMER_SERVER)) return undefined
  const draft = `${FOLDER}.draft`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { recursive: true })
  const archive = spawnSync('git', ['archive', FORMER_VERSION], { cwd: ROOT, maxBuffer: 256 * 1024 ** 2 })
  if (archive.status !== 0) return `git does not have ${FORMER_VERSION}: fetch the whole history`
  const unpacked = spawnSync('tar', ['-x'], { cwd: draft, input: archive.stdout })
  if (unpacked.status !== 0) return `tar ended with ${unpacked.status}`
  const packages = spawnSync('npm', ['ci', '--omit=dev', '--no-audit', '--no-fund'], { cwd: draft, encoding: 'utf8' })
  if (packages.status !== 0) return packages.stderr.trim().split('\n').at(-1) ?? 'npm ci failed'
  mkdirSync(dirname(FOLDER), { recursive: true })
  renameSync(draft, FOLDER)
  return undefined
}
