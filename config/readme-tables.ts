// Keeps what is generated in config/README.md and .env.example in step with src/settings/config.ts.
//   node config/readme-tables.ts --write    rewrites them
//   node config/readme-tables.ts --check    exits 1 when they are out of date
import { readFileSync, writeFileSync } from 'node:fs'
import { SETTINGS } from '../src/settings/config.ts'

const README = new URL('README.md', import.meta.url)
const EXAMPLE = new URL('../.env.example', import.meta.url)
const BEGIN = '<!-- settings: made by npm run docs -->'
const END = '<!-- end of settings -->'

function settingsTable(): string {
  const rows = Object.values(SETTINGS).map(({ variable, description, preset, secret }) => {
    const shown = preset === undefined ? '' : `\`${preset}\``
    return `| \`${variable}\` | ${description.replaceAll('|', '\\|')}${secret ? ' (secret)' : ''} | ${shown} |`
  })
  return ['| variable | what it does | default |', '|---|---|---|', ...rows].join('\n')
}

function withTable(readme: string): string {
  const from = readme.indexOf(BEGIN)
  const to = readme.indexOf(END)
  if (from < 0 || to < from) throw new Error(`config/README.md needs the lines ${BEGIN} and ${END}`)
  return `${readme.slice(0, from + BEGIN.length)}\n${settingsTable()}\n${readme.slice(to)}`
}

function example(): string {
  const head = '# Copy to .env and uncomment what you want to change. Every setting is explained in config/README.md.\n'
  const entries = Object.values(SETTINGS).map(
    ({ variable, description, preset }) => `\n# ${description}\n#${variable}=${preset ?? ''}\n`,
  )
  return head + entries.join('')
}

const readme = readFileSync(README, 'utf8')
const wanted = new Map([
  [README, withTable(readme)],
  [EXAMPLE, example()],
])
const mode = process.argv[2]
if (mode === '--write') for (const [file, text] of wanted) writeFileSync(file, text)
else if (mode === '--check') {
  for (const [file, text] of wanted) {
    if (readFileSync(file, 'utf8') === text) continue
    console.error(`${file.pathname.split('/').at(-1)} is out of date: run npm run docs`)
    process.exitCode = 1
  }
} else {
  console.error('usage: node config/readme-tables.ts --write | --check')
  process.exitCode = 2
}
