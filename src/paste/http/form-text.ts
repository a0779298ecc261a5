import { AppError } from '../../core/index.ts'
import { CONTENT_FIELDS } from './content-fields.ts'

/** Fields of pastebinit and dpaste: another name of an option, or what has no meaning here. */
const FOREIGN: Readonly<Record<string, string>> = { syntax: 'language', poster: '' }

/**
 * The content of an urlencoded form (WHATWG URL section 5), its name, the option fields, and all as `sent`. Bytes that are not UTF-8 stay as they
 * are. Throws `unknown_field` for a field that is not among `known`, `duplicate_field`, `too_many_files`.
 */
export function readFormText(
  text: string,
  known: ReadonlySet<string>,
): { content: Buffer; name: string; fields: Record<string, string>; sent: Record<string, string> } {
  let content: { name: string; value: Buffer } | undefined
  const fields: Record<string, string> = {}
  const sent: Record<string, string> = {}
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const [encodedName = '', ...value] = pair.split('=')
    const name = unescaped(encodedName).toString()
    if (CONTENT_FIELDS.has(name)) {
      if (content !== undefined) throw new AppError('too_many_files', { detail: 'Send one content in each request.' })
      content = { name, value: unescaped(value.join('=')) }
      continue
    }
    const option = known.has(name) ? name : FOREIGN[name]
    const pointer = `/${name}`
    if (option === undefined)
      throw new AppError('unknown_field', {
        detail: `There is no field ${JSON.stringify(name)} here. To paste a form as it is, send it as text/plain.`,
        members: { pointer },
      })
    if (Object.hasOwn(fields, option))
      throw new AppError('duplicate_field', { detail: `The field ${option} came twice.`, members: { pointer } })
    sent[name] = unescaped(value.join('=')).toString()
    if (option !== '') fields[option] = sent[name]
  }
  return { content: content?.value ?? Buffer.alloc(0), name: content?.name ?? '', fields, sent }
}

/** The bytes of a name or a value: `+` is a space, `%XX` a byte, anything else itself. */
function unescaped(text: string): Buffer {
  return Buffer.from(
    text.replaceAll('+', ' ').replace(/%([0-9A-Fa-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )
}
