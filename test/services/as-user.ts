import { commandPath } from './catalogue.ts'
import type { ServerCommand } from './process.ts'

/**
 * The command, run by that user where we are root, for servers that refuse to be root. The kernel forgets whom to end
 * with us when the user changes, so it is told again.
 */
export function asUser(
  user: string,
  command: string,
  args: readonly string[],
): Pick<ServerCommand, 'command' | 'args'> {
  if (process.getuid?.() !== 0) return { command, args }
  const identity = [`--reuid=${user}`, `--regid=${groupOf(user)}`, '--clear-groups', '--pdeathsig', 'KILL', '--']
  return { command: commandPath('setpriv'), args: [...identity, command, ...args] }
}

function groupOf(user: string): string {
  return user === 'nobody' ? 'nogroup' : user
}
