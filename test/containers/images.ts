import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Run } from './command.ts'
import type { Engine } from './engine.ts'

/** The service of compose.yaml and the image that it runs unless told otherwise, such as `mysql` and `mysql:9.7`. */
export type ServiceImage = { service: string; image: string }

/** What making images needs. */
export type Workshop = {
  run: Run
  engine: Engine
  /** Folder that is kept between runs. */
  cacheDir: string
  /** File of certificate authorities that reaches the registries from here. */
  certificates: string
  signal: AbortSignal
}

/** A folder for each kind of image, with its Dockerfile. */
export const RECIPES = fileURLToPath(new URL('images/', import.meta.url))
const DEBIAN = 'debian:bookworm-slim'

/** The images of other people that a compose file names, read from its `${…_IMAGE:-name}`. */
export function imagesOf(composeFile: string): ServiceImage[] {
  const found = composeFile.matchAll(/^ {4}image: \$\{([A-Z]+)_IMAGE:-([^}]+:[^}]+)\}$/gm)
  return [...found].map(([, service = '', image = '']) => ({ service: service.toLowerCase(), image }))
}

/** Makes `debian:bookworm-slim` from Debian's packages, unless the engine has one. */
export async function makeDebian({ run, engine, signal }: Workshop): Promise<string> {
  const { docker, environment } = engine
  const exists = await run(docker, ['image', 'inspect', DEBIAN], { environment }).then(Boolean, () => false)
  if (exists) return 'kept from an earlier run'
  return await withFolder(async (folder) => {
    const archive = join(folder, 'debian.tar')
    await run(
      'mmdebstrap',
      ['--variant=minbase', '--include=ca-certificates,libatomic1', '--quiet', ...SLIM, 'bookworm', archive],
      { signal },
    )
    await run(docker, ['import', '--change', 'CMD ["bash"]', archive, DEBIAN], { environment, signal })
    return 'made from packages'
  })
}

const SLIM = [
  ...['man', 'doc', 'locale', 'info'].map((folder) => `--dpkgopt=path-exclude=/usr/share/${folder}/*`),
  '--customize-hook=rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*',
]

/** Makes `node:26-slim`, of the Node that runs this and npm 11. */
export async function makeNode(workshop: Workshop): Promise<string> {
  const { run, certificates, signal } = workshop
  return await withFolder(async (folder) => {
    await copyFile(process.execPath, join(folder, 'node'))
    await copyFile(certificates, join(folder, 'ca-certificates.crt'))
    await run('npm', ['pack', '--silent', '--pack-destination', folder, 'npm@11'], { cwd: folder, signal })
    const [archive = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'))
    await run('tar', ['-xzf', archive], { cwd: folder, signal })
    await rm(join(folder, archive))
    await buildImage(workshop, 'node', 'node:26-slim', folder)
    return process.version
  })
}

/** Builds the image of a recipe, a folder of `images/`, with the files of `context`. */
export async function buildImage(
  { run, engine, signal }: Workshop,
  recipe: string,
  image: string,
  context: string,
): Promise<void> {
  const args = ['build', '--quiet', '--file', join(RECIPES, recipe, 'Dockerfile'), '--tag', image, context]
  await run(engine.docker, args, { environment: engine.environment, signal })
}

/** Lets `body` work in a temporary folder. */
export async function withFolder<Value>(body: (folder: string) => Promise<Value>): Promise<Value> {
  const folder = await mkdtemp(join(tmpdir(), 'paste-images-'))
  try {
    return await body(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
