import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Run } from './command.ts'

const BRIDGE = 'docker0'
// Swarm's own.
const GATEWAY = 'docker_gwbridge'
const FORWARDING = '/proc/sys/net/ipv4/ip_forward'

/**
 * Remembers the machine's packet filter and forwarding, which dockerd changes and does not put back. `restore` puts
 * them back and removes its bridges. Where another engine has its rules in the filter already, nothing is touched.
 */
export async function keepNetwork(run: Run): Promise<{ restore(): Promise<void> }> {
  const rules = await run('iptables-save', [])
  const forwarding = await readFile(FORWARDING, 'utf8')
  if (rules.includes(':DOCKER ') || existsSync(`/sys/class/net/${BRIDGE}`)) return { restore: async () => undefined }
  return {
    async restore() {
      const folder = await mkdtemp(join(tmpdir(), 'paste-rules-'))
      await writeFile(join(folder, 'rules'), `${rules || EMPTY}\n`)
      await run('iptables-restore', [join(folder, 'rules')])
      await rm(folder, { recursive: true })
      await writeFile(FORWARDING, forwarding)
      for (const bridge of [BRIDGE, GATEWAY]) await run('ip', ['link', 'delete', bridge]).catch(() => undefined)
    },
  }
}

// A machine that never used its packet filter saves nothing at all.
const EMPTY = ['nat', 'filter']
  .map((table) => {
    const chains = table === 'nat' ? ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'] : ['INPUT', 'FORWARD', 'OUTPUT']
    return [`*${table}`, ...chains.map((chain) => `:${chain} ACCEPT`), 'COMMIT'].join('\n')
  })
  .join('\n')
