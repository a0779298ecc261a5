// `npm run lab -- --profile config/load/zipf.yaml --cluster 3`: puts load on the service by a profile and says what came
// of it. On what: --target http://…, --cluster N (replicas behind nginx that it starts itself), or --embedded.
//   --name words       runs of one name are repetitions of one experiment       --repeat N    so many of them
//   --seed N           other arrivals, sizes and choices                         --rate N      this rate only
//   --seconds N        of each step                                              --admin-token, or ADMIN_TOKEN
//   --set SETTING=x    for replicas that it starts itself, any number of times
//   --ab 'SETTING=x' 'SETTING=y'    two systems side by side, their runs in turn, and a comparison
// Runs as node --single-threaded-gc: the main thread goes before others, and must not wait for helpers that do not.
// `npm run lab -- list`, `npm run lab -- compare A B` (ids or names, several with commas) and
// `npm run lab -- k6 --profile … --target …` (a script for k6 on standard output).
import { readArguments } from './arguments.ts'
import { compareCommand, k6Command, listCommand, runCommand } from './commands.ts'

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
try {
  const { command, words, options } = readArguments(process.argv.slice(2), process.env)
  if (command === 'list') listCommand()
  else if (command === 'compare') compareCommand(words)
  else if (command === 'k6') await k6Command(options)
  else await runCommand(options, stop.signal)
} catch (error) {
  const why = error instanceof Error ? error.message : `${error}`
  process.stderr.write(`${stop.signal.aborted ? 'stopped; this run is not stored' : why}\n`)
  process.exitCode = 1
}
process.exit()
