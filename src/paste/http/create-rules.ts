import type { CreatedPaste, PasteOptions } from '../model/index.ts'
import type { OtherOptions } from './option-places.ts'

/** How a route names options, and what it presets. */
export type CreateRules = {
  /** Other names of options, such as `customUrl` of `slug`. */
  aliases?: Readonly<Record<string, keyof PasteOptions>>
  /** Other fields of forms, and the options that each sets by its value; may throw. */
  fields?: Readonly<Record<string, (value: string) => OtherOptions>>
  /** Names of parts of forms that hold an address to be shortened. */
  links?: ReadonlySet<string>
  /** Options where the request gives none of that name. */
  preset?: (options: PasteOptions) => PasteOptions
  /** Serve raw bodies as the type that they claim, where no browser could run that. */
  keepMediaType?: boolean
  /** Refuses JSON by throwing. */
  check?: (value: unknown) => Promise<void>
}

/** What a form made, its fields as they were sent, and the name of the part with the content. */
export type FormCreated = CreatedPaste & { form?: { fields: Readonly<Record<string, string>>; content: string } }

/** Answers JSON that is another pastebin's, or gives undefined. */
export type OtherJson<Answer> = (value: Record<string, unknown>) => Promise<Answer> | undefined
