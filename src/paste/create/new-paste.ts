import type { Content } from '../../content/index.ts'
import type { Clock, RandomSource } from '../../core/index.ts'
import type { Paste } from '../model/index.ts'
import type { PasteRepository } from '../rows/index.ts'
import type { Attempt } from './attempt.ts'
import type { PastePlan } from './options.ts'
import type { UploadSlots } from './upload-slots.ts'

/** Dependencies of a create. */
export type CreateDeps = {
  repository: PasteRepository
  content: Content
  clock: Clock
  random: RandomSource
  limits: { maxPasteBytes: number }
  uploads: UploadSlots
  /** Throws `storage_full` where new content has no room. */
  space?: Space | undefined
  /** Asked for each content before it can be read by anybody. */
  screen?: Screen | undefined
}

/** Which contents are not taken. */
export type Screen = {
  /** Throws `denied` for content with this SHA-256, lower-case hex. */
  refuse(sha256: string): Promise<void>
}

/** The room for new content. */
export type Space = { refuse(bytes?: number): void }

/** A new paste before its body is read. */
export type NewPaste = {
  plan: PastePlan
  kind: Paste['kind']
  editToken: string
  /** The attempt of its Idempotency-Key, whose slug it takes. */
  attempt?: Attempt | undefined
  /** After the body: the plan by options that came behind it, if some did. */
  replan?: (() => Promise<PastePlan | undefined>) | undefined
}
