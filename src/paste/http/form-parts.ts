import type { MultipartFile, MultipartValue } from '@fastify/multipart'
import { sanitiseFileName } from '../../content/index.ts'
import { AppError } from '../../core/index.ts'
import { CONTENT_FIELDS, ONCE_FIELDS } from './content-fields.ts'

/** Most bytes of an option in a form. */
export const FIELD_BYTES = 1_024

/** A part of a form as the parser gives it. */
export type Part = MultipartFile | MultipartValue

const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty'])

/** Whether the parser streams a part: the content, under any of its names, as file or as text field; and any other file. */
export function isStreamed(name?: string, mediaType?: string, fileName?: string): boolean {
  return CONTENT_FIELDS.has(name ?? '') || fileName !== undefined || mediaType === 'application/octet-stream'
}

/** Throws `invalid_field_name` for a part without a name or with a forbidden one. */
export function checkName(part: Part): void {
  if (!part.fieldname) throw new AppError('invalid_field_name', { detail: 'A part has no name.' })
  if (FORBIDDEN.has(part.fieldname))
    throw new AppError('invalid_field_name', { detail: 'A part has a forbidden name.' })
}

/** The option fields of a form, as they come. */
export type FormFields = {
  /** The fields so far that were filled in. */
  values(): Record<string, string>
  /**
   * Adds a field. Throws `invalid_field_name`, `unknown_field`, `duplicate_field`, `field_too_long` and
   * `validation_failed`.
   */
  add(part: MultipartValue): void
  /**
   * Notes the part that holds the content. Throws `unknown_field` where its name is not one for content: it may ask for
   * what this service does not do.
   */
  addContent(part: MultipartFile): void
}

/** No fields yet, of those named in `known`; `contents` are more names for the content. */
export function createFormFields(known: ReadonlySet<string>, contents: ReadonlySet<string>): FormFields {
  const values: Record<string, string> = {}
  const put = (name: string, value: string) => {
    const pointer = `/${name}`
    if (Object.hasOwn(values, name))
      throw new AppError('duplicate_field', { detail: `The field ${name} came twice.`, members: { pointer } })
    values[name] = value
  }
  return {
    values: () => ({ ...values }),
    add(part) {
      checkName(part)
      const name = part.fieldname
      const pointer = `/${name}`
      if (!known.has(name))
        throw new AppError('unknown_field', {
          detail: `There is no field ${JSON.stringify(name)} here.`,
          members: { pointer },
        })
      if (part.valueTruncated || part.fieldnameTruncated)
        throw new AppError('field_too_long', { detail: `The field ${name} has more than ${FIELD_BYTES} bytes.` })
      // The parser decodes a field of Content-Type application/json.
      if (typeof part.value !== 'string')
        throw new AppError('validation_failed', { detail: `Send ${name} as plain text.`, members: { pointer } })
      put(name, part.value)
    },
    addContent(part) {
      checkName(part)
      const name = part.fieldname
      if (CONTENT_FIELDS.has(name) || contents.has(name)) return
      if (ONCE_FIELDS.has(name)) return put('burnAfterReading', 'true')
      throw new AppError('unknown_field', {
        detail: known.has(name)
          ? `Send ${name} as a text field, not as a file.`
          : `There is no file field ${JSON.stringify(name)} here. Send the content as "file", options as text fields.`,
        members: { pointer: `/${name}` },
      })
    },
  }
}

/** What a file part claims about its content. Throws `unsupported_content_encoding`. */
export function claimOf(part: MultipartFile): { mediaType: string; fileName: string | undefined } {
  if (part.encoding !== '7bit' && part.encoding !== '8bit' && part.encoding !== 'binary')
    throw new AppError('unsupported_content_encoding', { detail: 'Send the file without Content-Transfer-Encoding.' })
  return { mediaType: part.mimetype, fileName: part.filename ? sanitiseFileName(part.filename) : undefined }
}
