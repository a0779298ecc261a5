import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { commandPath } from './catalogue.ts'
import { host } from './host.ts'
import { freePort } from './ports.ts'
import type { ServerProcess } from './process.ts'

/** A series of an answer: its labels, and the value as Prometheus writes it. */
export type Vector = { metric: Record<string, string>; value: number }[]

/** A Prometheus of one's own. */
export type PrometheusServer = ServerProcess & {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  url: string
  /** Where its configuration lies. */
  folder: string
  /** The `data` that a call of its HTTP API gives, such as `targets?state=active`. Throws what it says of errors. */
  ask(call: string): Promise<unknown>
  /** What an expression gives now. */
  query(expression: string): Promise<Vector>
  /** Ends it and removes its files. */
  stop(): Promise<void>
}

/** Starts Prometheus on a free port, its exemplars kept, with these files; `prometheus.yml` is the one it reads. */
export async function startPrometheus(files: Readonly<Record<string, string>>): Promise<PrometheusServer> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  return host('prometheus', async ({ folder, run }) => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
    const server = await run({
      name: 'prometheus',
      command: commandPath('prometheus'),
      args: [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--enable-feature=exemplar-storage',
        '--log.level=warn',
      ],
      ready: async () => (await fetch(`${url}/-/ready`)).ok,
    })
    const ask = async (call: string) => {
      const answer = (await (await fetch(`${url}/api/v1/${call}`)).json()) as { data: unknown; error?: string }
      if (answer.error !== undefined) throw new Error(`${answer.error}: ${decodeURIComponent(call)}`)
      return answer.data
    }
    const query = async (expression: string) => {
      const { result } = (await ask(`query?query=${encodeURIComponent(expression)}`)) as {
        result: { metric: Record<string, string>; value: [number, string] }[]
      }
      return result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }))
    }
    return Object.assign(server, { url, folder, ask, query })
  })
}
