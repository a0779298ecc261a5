import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { HttpBlock } from '../services/index.ts'

const CONFIG = fileURLToPath(new URL('../../config/nginx', import.meta.url))

/**
 * `config/nginx` as it is shipped, but for what an operator edits: the port on which it listens and the replicas,
 * given as `host:port`. `edit` may change the text of `paste.conf` further.
 */
export function frontBlock(replicas: readonly string[], edit: (text: string) => string = (text) => text): HttpBlock {
  return ({ port, folder }) => {
    cpSync(CONFIG, folder, { recursive: true })
    change(join(folder, 'paste', 'replicas.conf'), /^server \S+(.*)$/gm, (_line, settings) =>
      replicas.map((address) => `server ${address}${settings}`).join('\n'),
    )
    change(join(folder, 'paste.conf'), /^( *)listen 80;/m, (_line, indent) => `${indent}listen 127.0.0.1:${port};`)
    writeFileSync(join(folder, 'paste.conf'), edit(readFileSync(join(folder, 'paste.conf'), 'utf8')))
    return 'include paste.conf;'
  }
}

function change(file: string, pattern: RegExp, replace: (...match: string[]) => string): void {
  const text = readFileSync(file, 'utf8')
  if (!pattern.test(text)) throw new Error(`${file} has no ${pattern}`)
  writeFileSync(file, text.replace(pattern, replace))
}
