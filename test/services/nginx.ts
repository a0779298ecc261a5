import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandPath } from './catalogue.ts'
import { host } from './host.ts'
import { freePort } from './ports.ts'
import { accepts } from './probe.ts'
import type { ServerProcess } from './process.ts'

/**
 * An nginx of one's own. To kill it use SIGTERM: after a SIGKILL of the master its workers live on.
 */
export type NginxServer = ServerProcess & {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  url: string
  port: number
  /** Writes a new configuration and lets nginx take it up without losing a connection (SIGHUP); returns at once. */
  reload(http: HttpBlock): void
  /** Ends it and removes its files. */
  stop(): Promise<void>
}

/** Gives the inside of nginx's `http` block; it should listen on 127.0.0.1:`port`. `folder` is for caches and the like. */
export type HttpBlock = (place: { port: number; folder: string }) => string

/** Starts nginx on a free port, with this configuration and nothing of the machine's. Throws what nginx says of errors. */
export async function startNginx(http: HttpBlock): Promise<NginxServer> {
  const port = await freePort()
  return host('nginx', async ({ folder, run }) => {
    mkdirSync(join(folder, 'temporary'))
    const write = (block: HttpBlock) => writeFileSync(join(folder, 'nginx.conf'), wholeFile(block({ port, folder })))
    write(http)
    const server = await run({
      name: 'nginx',
      command: commandPath('nginx'),
      args: ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'],
      ready: () => accepts(port),
      endSignal: 'SIGTERM',
    })
    return Object.assign(server, {
      url: `http://127.0.0.1:${port}`,
      port,
      reload(block: HttpBlock) {
        write(block)
        process.kill(server.pid, 'SIGHUP')
      },
    })
  })
}

/** Where nginx keeps bodies, below its own folder: Debian's places are there only where the package is installed. */
export const TEMPORARY_PATHS = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  .map((kind) => `${kind}_temp_path temporary/${kind};`)
  .join(' ')

function wholeFile(http: string): string {
  return `daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
pid nginx.pid;
error_log stderr;
events { worker_connections 4096; }
http {
  access_log off;
  ${TEMPORARY_PATHS}
${http}
}
`
}
