// Runs before every npm script, under whatever Node the machine has (20 or later): installs the packages
// when they are missing or older than the lockfile, among them the Node 26 binary that runs everything else.
import { spawnSync } from 'node:child_process'
import { existsSync, lstatSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const installed = join(root, 'node_modules', '.package-lock.json')
const wanted = join(root, 'package-lock.json')
// Packages of somebody else's checkout, which npm would empty first.
const borrowed = lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink() === true

if (!borrowed && (!existsSync(installed) || statSync(installed).mtimeMs < statSync(wanted).mtimeMs)) {
  process.stderr.write('Installing packages, once (about 20 s) …\n')
  const npm = process.env.npm_execpath
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error']
  const run = npm
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
    : spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2] })
  if (run.status !== 0) {
    process.stderr.write('The packages could not be installed: see the lines above, then try again.\n')
    process.exit(1)
  }
}
