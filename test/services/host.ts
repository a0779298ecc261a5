import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ServerCommand, type ServerProcess, startProcess } from './process.ts'

/** Where the parts of one server live. */
export type Place = {
  /** A temporary folder of its own. */
  folder: string
  /** Starts a program and waits until it answers; it is ended with the others. */
  run(command: ServerCommand): Promise<ServerProcess>
}

/**
 * Lets `start` put up a server, of one or more programs, in a temporary folder. `stop`, added to what it returns, ends
 * them all and removes the folder; so does a failure of `start`, and the exit of this process.
 */
export async function host<Server extends object>(
  name: string,
  start: (place: Place) => Promise<Server>,
): Promise<Server & { stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), `pastebin-${name}-`))
  const removeFolder = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  process.once('exit', removeFolder)
  const running: ServerProcess[] = []
  const run = async (command: ServerCommand) => {
    const program = await startProcess(command)
    running.push(program)
    return program
  }
  const stop = async () => {
    await Promise.all(running.map((program) => program.end()))
    process.removeListener('exit', removeFolder)
    removeFolder()
  }
  try {
    return Object.assign(await start({ folder, run }), { stop })
  } catch (error) {
    await stop()
    throw error
  }
}
