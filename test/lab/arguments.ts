import { parseArgs } from 'node:util'
import { settingsOf } from '../cluster/settings.ts'

/** Where load goes. */
export type Where = { kind: 'target'; url: string } | { kind: 'cluster'; replicas: number } | { kind: 'embedded' }

/** What the command line asks for. */
export type LabOptions = {
  profile: string
  where: Where
  name: string | undefined
  seed: number | undefined
  repeat: number
  rate: number | undefined
  seconds: number | undefined
  adminToken: string | undefined
  settings: Record<string, string>
  /** Settings of two systems to be compared. */
  ab: [Record<string, string>, Record<string, string>] | undefined
}

/** A command, with the words that are no options. */
export type LabArguments = { command: 'run' | 'list' | 'compare' | 'k6'; words: string[]; options: LabOptions }

const COMMANDS = ['list', 'compare', 'k6'] as const
const AB_REPEATS = 5

/** Reads the command line. Throws an Error with a sentence for people when it makes no sense. */
export function readArguments(args: string[], environment: NodeJS.ProcessEnv): LabArguments {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      profile: { type: 'string' },
      target: { type: 'string' },
      cluster: { type: 'string' },
      embedded: { type: 'boolean', default: false },
      name: { type: 'string' },
      seed: { type: 'string' },
      repeat: { type: 'string' },
      rate: { type: 'string' },
      seconds: { type: 'string' },
      'admin-token': { type: 'string' },
      set: { type: 'string', multiple: true, default: [] },
      ab: { type: 'string' },
    },
  })
  const command = COMMANDS.find((name) => name === positionals[0]) ?? 'run'
  const words = command === 'run' ? positionals : positionals.slice(1)
  const ab = values.ab === undefined ? undefined : bothOf(values.ab, command === 'run' ? words : [])
  if (command === 'run' && !ab && words.length > 0)
    throw new Error(`there is no command ${words[0]}: list, compare, k6, or none to run a profile`)
  const where = whereOf(values.target, values.cluster, values.embedded)
  if (where.kind === 'target' && (ab || values.set.length > 0))
    throw new Error('settings are for replicas that the lab starts itself: --cluster N or --embedded')
  return {
    command,
    words,
    options: {
      profile: values.profile ?? 'config/load/hot-read.yaml',
      where,
      name: values.name,
      seed: numberOf('seed', values.seed),
      repeat: numberOf('repeat', values.repeat) ?? (ab ? AB_REPEATS : 1),
      rate: numberOf('rate', values.rate),
      seconds: numberOf('seconds', values.seconds),
      adminToken: values['admin-token'] ?? environment.ADMIN_TOKEN,
      settings: Object.assign({}, ...values.set.map(settingsOf)),
      ab,
    },
  }
}

function whereOf(target: string | undefined, cluster: string | undefined, embedded: boolean): Where {
  if ([target !== undefined, cluster !== undefined, embedded].filter(Boolean).length > 1)
    throw new Error('one of --target, --cluster and --embedded')
  if (target !== undefined) {
    if (!URL.canParse(target)) throw new Error('--target wants a URL, such as http://127.0.0.1:3000')
    return { kind: 'target', url: target }
  }
  if (cluster === undefined) return { kind: 'embedded' }
  const replicas = Number(cluster)
  if (!Number.isInteger(replicas) || replicas < 1 || replicas > 32) throw new Error('--cluster wants 1 to 32')
  return { kind: 'cluster', replicas }
}

function bothOf(first: string, words: string[]): [Record<string, string>, Record<string, string>] {
  const [second, ...others] = words
  if (second === undefined || others.length > 0) throw new Error("--ab wants two: --ab 'SETTING=x' 'SETTING=y'")
  return [settingsOf(first), settingsOf(second)]
}

function numberOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (!(Number.isFinite(value) && value > 0)) throw new Error(`--${name} wants a number above 0`)
  return value
}
