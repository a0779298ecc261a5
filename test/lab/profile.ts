import { readFileSync } from 'node:fs'
import { Compile } from 'typebox/compile'
import { isMap, LineCounter, type Node, parseDocument } from 'yaml'
import { type Profile, ProfileSchema } from './profile-schema.ts'

/** A profile and the text it was read from. */
export type LoadedProfile = { profile: Profile; text: string }

/** What is wrong in a profile, each with its line and what to write instead. */
export class ProfileError extends Error {}

type Failure = { keyword: string; instancePath: string; params: Record<string, unknown>; message: string }
type Complaint = { path: string[]; says: string }

const validator = Compile(ProfileSchema)

/** Reads a profile. Throws {@link ProfileError}, or what the file system throws. */
export function loadProfile(file: string): LoadedProfile {
  return parseProfile(readFileSync(file, 'utf8'), file)
}

/** The same from its text; `file` is the name in messages. */
export function parseProfile(text: string, file = 'the profile'): LoadedProfile {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const [broken] = document.errors
  if (broken) throw new ProfileError(`${file}:${broken.linePos?.[0].line ?? 1}: ${broken.message.split('\n')[0]}`)
  const value: unknown = document.toJS()
  const complaints = validator.Check(value) ? contradictions(value) : shapeOf(value)
  if (complaints.length === 0) return { profile: value as Profile, text }
  const lineOf = (path: string[]) => {
    for (let length = path.length; length > 0; length--) {
      const key = path[length - 1]
      const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true)
      const pair = isMap(parent) ? parent.items.find((item) => `${item.key}` === key) : undefined
      const node = (pair?.key ?? document.getIn(path.slice(0, length), true)) as Node | undefined
      if (node?.range) return lines.linePos(node.range[0]).line
    }
    return 1
  }
  throw new ProfileError(complaints.map(({ path, says }) => `${file}:${lineOf(path)}: ${says}`).join('\n'))
}

/** What a value lacks to be a profile; for each place one complaint of each kind. */
function shapeOf(value: unknown): Complaint[] {
  // An unknown name is complained about twice, once in words that help.
  const failures = (validator.Errors(value) as unknown as Failure[]).filter(({ keyword }) => keyword !== 'boolean')
  // Of alternatives none fits: what each of them lacks says less than what there is to choose from.
  const choices = failures.filter(({ keyword }) => keyword === 'anyOf').map(({ instancePath }) => instancePath)
  const told = failures.filter(
    ({ keyword, instancePath }) =>
      keyword === 'anyOf' || !choices.some((path) => `${instancePath}/`.startsWith(`${path}/`)),
  )
  const kinds = new Map(told.map((failure) => [`${failure.instancePath} ${failure.keyword}`, failure]))
  return [...kinds.values()].map((failure) => {
    const path = failure.instancePath.split('/').slice(1)
    return { path: unknownIn(failure, path), says: wording(failure, path) }
  })
}

function unknownIn({ keyword, params }: Failure, path: string[]): string[] {
  const [name] = (params.additionalProperties as string[] | undefined) ?? []
  return keyword === 'additionalProperties' && name !== undefined ? [...path, name] : path
}

function wording({ keyword, params, message }: Failure, path: string[]): string {
  const place = path.join('.') || 'the file'
  const known = schemaAt(path)
  const described = known?.description ? ` (${known.description})` : ''
  switch (keyword) {
    case 'additionalProperties': {
      const names = (params.additionalProperties as string[]).join(', ')
      return `${place} has no ${names}; it has ${Object.keys(known?.properties ?? {}).join(', ') || 'nothing more'}`
    }
    case 'required':
      return `${place} lacks ${(params.requiredProperties as string[]).join(', ')}${described}`
    case 'enum':
      return `${place} is one of ${(params.allowedValues as string[]).join(', ')}${described}`
    case 'anyOf':
      return `${place} wants ${known?.description ?? 'something else'}`
    default:
      return `${place} ${message}${described}`
  }
}

type Described = { description?: string; properties?: Record<string, Described>; items?: Described }

function schemaAt(path: readonly string[]): Described | undefined {
  let schema: Described | undefined = ProfileSchema as unknown as Described
  for (const name of path) schema = schema?.properties?.[name] ?? schema?.items
  return schema
}

/** What a schema can't say. */
function contradictions({ arrivals, mix, population }: Profile): Complaint[] {
  const complaints: Complaint[] = []
  const complain = (says: string, ...path: string[]) => complaints.push({ path, says })
  const given = (['rates', 'ladder', 'bursts'] as const).filter((name) => arrivals[name] !== undefined)
  if (given.length !== 1) complain('arrivals wants one of rates, ladder or bursts', 'arrivals')
  if ((arrivals.process === 'at once') !== (arrivals.bursts !== undefined))
    complain('process: at once goes with bursts, and bursts with it', 'arrivals', 'process')
  for (const [index, entry] of mix.entries()) {
    const at = ['mix', `${index}`]
    if (entry.operation === 'create' && !entry.sizes) complain('a create wants sizes', ...at)
    if (entry.operation === 'range' && !entry.rangeBytes) complain('a range wants rangeBytes', ...at)
    if (entry.operation === 'claim' && !population.maxViews) complain('a claim wants population.maxViews', ...at)
    if (entry.operation === 'delete' && !mix.some(({ operation }) => operation === 'create'))
      complain('a delete wants a create in the mix: it deletes what was made', ...at)
  }
  return complaints
}
