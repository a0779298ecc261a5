import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { type AuditReport, auditPastes, type Finding } from '../../src/paste/index.ts'
import { createScratchKeys } from '../../src/platform/index.ts'
import { loadConfig } from '../../src/settings/config.ts'
import { openBackends } from '../../src/wiring/backends.ts'
import { silentLogger } from '../platform/silent-logger.ts'
import { COMPILED } from './backup-command.ts'

const FSCK = fileURLToPath(new URL('../../src/commands/fsck.ts', import.meta.url))

/** What is younger belongs to uploads that may be under way. */
export const HOUR_MS = 3_600_000

/** Stored as an object, not in the row. */
export const LARGE_BYTES = 400_000

/** Runs the command as an operator would; gives its exit code and what it printed. */
export async function fsck(
  environment: Record<string, string>,
  ...args: string[]
): Promise<{ code: number; text: string }> {
  const env = { PATH: process.env.PATH, NODE_COMPILE_CACHE: COMPILED, ...environment }
  const child = spawn(process.execPath, [FSCK, ...args], { cwd: tmpdir(), env, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part) => (text += part))
  const [code] = await once(child, 'close')
  return { code, text }
}

/** The same comparison in this process, at a time of our own. */
export async function compare(
  environment: Record<string, string>,
  options: { repair?: boolean; force?: boolean; laterMs?: number } = {},
): Promise<AuditReport & { findings: Finding[] }> {
  const clock = { now: () => Date.now() + (options.laterMs ?? 0) }
  const { database, store } = await openBackends(loadConfig(environment), { logger: silentLogger, clock })
  const index = createScratchKeys()
  const findings: Finding[] = []
  try {
    const report = await auditPastes(
      { db: database.db, store, index, clock },
      {
        repair: options.repair === true,
        force: options.force === true,
        onFinding: (finding) => findings.push(finding),
      },
    )
    return { ...report, findings }
  } finally {
    index.close()
    await store.close()
    await database.close()
  }
}

/** What {@link compare} gives when there is nothing to find. */
export const CLEAN = {
  found: { missing: 0, damaged: 0, unknown: 0, unfinished: 0 },
  removed: 0,
  refused: false,
  findings: [],
}
