import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { type DebianSuite, unpackDebian } from '../services/debian-unstable.ts'
import { goProgramFile } from '../services/go.ts'
import { VERSITYGW } from '../services/versitygw.ts'
import { buildImage, RECIPES, type ServiceImage, type Workshop, withFolder } from './images.ts'

/** Packages of Debian that hold the server of an image, of the version in the image's tag. */
type Recipe = { suite: DebianSuite; packages(version: string): string[] }

/** What a shell script of a compose file may call. */
const SHELL = ['dash', 'coreutils', 'grep', 'busybox']

const RECIPE: Readonly<Record<string, Recipe>> = {
  mysql: { suite: 'sid', packages: (v) => [`mysql-server-core=${v}.*`, `mysql-client-core=${v}.*`] },
  mariadb: {
    suite: 'trixie',
    packages: (v) => [`mariadb-server-core=1:${v}.*`, `mariadb-client=1:${v}.*`, 'sed', 'hostname'],
  },
  redis: { suite: 'sid', packages: (v) => [`redis-server=5:${v}.*`, `redis-tools=5:${v}.*`] },
  front: { suite: 'sid', packages: (v) => [`nginx=${v}.*`] },
  store: { suite: 'trixie', packages: () => [] },
}

/** Thrown when an archive does not have the version that a shipped file names, today at least. */
export class NotToBeHad extends Error {}

/** The version in the tag of an image: `1.30` of `nginxinc/nginx-unprivileged:1.30-alpine`. */
export function versionOf(image: string): string {
  return /:v?([\d.]+)/.exec(image)?.[1] ?? ''
}

/**
 * Makes the image of a service under the very name that a shipped file uses: the real server of that version with all
 * that it needs, on nothing else. Throws {@link NotToBeHad}.
 */
export async function makeServer(workshop: Workshop, { service, image }: ServiceImage): Promise<string> {
  const recipe = RECIPE[service]
  if (recipe === undefined) throw new Error(`nothing is known of how to make ${image}`)
  const context = join(workshop.cacheDir, `${service}-${versionOf(image)}`)
  const root = join(context, 'root')
  const failure = unpackDebian(root, recipe.suite, [...recipe.packages(versionOf(image)), ...SHELL])
  if (failure !== undefined) throw new NotToBeHad(`${image}: ${failure}`)
  restorePrograms(root)
  cpSync(join(RECIPES, service), context, { recursive: true })
  if (service === 'store') copyFileSync(await makeVersitygw(workshop), join(context, 'versitygw'))
  await buildImage(workshop, service, image, context)
  return image
}

/** Builds versitygw as its own tests do, through Go's module proxy; gives the program. */
export async function makeVersitygw({ run, signal }: Workshop): Promise<string> {
  const program = goProgramFile(VERSITYGW)
  if (existsSync(program)) return program
  return await withFolder(async (folder) => {
    await run('go', ['install', '-ldflags=-s -w', `${VERSITYGW.path}@${VERSITYGW.version}`], {
      environment: { GOBIN: folder, CGO_ENABLED: '0', GOFLAGS: undefined },
      signal,
    })
    mkdirSync(join(program, '..'), { recursive: true })
    copyFileSync(join(folder, VERSITYGW.name), `${program}.part`)
    // A run that is interrupted leaves no half of it.
    renameSync(`${program}.part`, program)
    return program
  })
}

/** In an image the programs lie where the packages put them: its C library is the one that they were built for. */
function restorePrograms(root: string): void {
  const programs = join(root, 'usr/programs')
  if (!existsSync(programs)) return
  for (const name of readdirSync(programs)) {
    const place = existsSync(join(root, 'usr/sbin', name)) ? 'sbin' : 'bin'
    renameSync(join(programs, name), join(root, 'usr', place, name))
  }
}
