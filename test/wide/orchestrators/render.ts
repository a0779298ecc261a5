import { execFile } from 'node:child_process'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** The overlays of config/kubernetes. */
export const OVERLAYS = ['dev', 'production'] as const

/** An object of Kubernetes as it is written down; tests reach into it by path, see {@link at}. */
export type Manifest = { kind: string; metadata: { name: string } } & Record<string, unknown>

const CONFIG = fileURLToPath(new URL('../../../config/', import.meta.url))
const LARGEST_BYTES = 16 * 1024 * 1024

/** What an overlay comes to, as YAML. `tool` is the path of kubectl or kustomize. */
export async function render(tool: string, overlay: string): Promise<string> {
  const command = basename(tool) === 'kubectl' ? 'kustomize' : 'build'
  const { stdout } = await promisify(execFile)(tool, [command, `${CONFIG}kubernetes/overlays/${overlay}`])
  return stdout
}

/** The documents of a YAML text. `validator` is the path of kubernetes-validate, whose Python can read YAML. */
export async function parseYaml<Document>(validator: string, yaml: string): Promise<Document[]> {
  // The first line of the program names its own interpreter.
  const script = 'import json, sys, yaml; json.dump(list(yaml.safe_load_all(sys.stdin)), sys.stdout, default=str)'
  const shell = ['-ec', '"$(head -n 1 "$0" | cut -c 3-)" -c "$1"', validator, script]
  const run = promisify(execFile)('sh', shell, { maxBuffer: LARGEST_BYTES })
  run.child.stdin?.end(yaml)
  return JSON.parse((await run).stdout) as Document[]
}

/** The value at a path of names and indexes, such as `spec.template.spec.containers.0.image`; undefined when not there. */
export function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], value)
}
