// Writes the table of versions.ts into README.md: node config/servers/table.ts (npm run docs).
import { readFileSync, writeFileSync } from 'node:fs'
import { SERVERS } from './versions.ts'

const README = new URL('README.md', import.meta.url)
const BEGIN = '<!-- servers: made by npm run docs -->'
const END = '<!-- end of servers -->'

/** The README as it has to be, and as it is. */
export function serversReadme(): { wanted: string; found: string } {
  const found = readFileSync(README, 'utf8')
  const [from, to] = [found.indexOf(BEGIN), found.indexOf(END)]
  if (from < 0 || to < from) throw new Error(`config/servers/README.md needs the lines ${BEGIN} and ${END}`)
  return { wanted: `${found.slice(0, from + BEGIN.length)}\n${table()}\n${found.slice(to)}`, found }
}

function table(): string {
  const rows = SERVERS.map(
    ({ part, name, tested = 'no', source, note = '' }) =>
      `| ${[part, `\`${name}\``, tested, source, note].join(' | ')} |`,
  )
  return ['| part | shipped | tested | how tests get it | what differs |', '|---|---|---|---|---|', ...rows].join('\n')
}

if (import.meta.main) writeFileSync(README, serversReadme().wanted)
