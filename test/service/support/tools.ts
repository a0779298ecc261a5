import { spawnSync } from 'node:child_process'

/** What a standard tool prints for these bytes; in the C locale, so that bytes are all it knows. */
export function tool(command: string, args: string[], input: Buffer): Buffer {
  const env = { LC_ALL: 'C', PATH: process.env.PATH }
  const { stdout, error } = spawnSync(command, args, { input, env, maxBuffer: 64 * 1024 * 1024 })
  if (error) throw error
  return stdout
}
