import { randomBytes } from 'node:crypto'
import { type Answer, bearer, type Created, json, logText, newSlug, postRaw, send, sha256 } from './client.ts'
import type { Seeded } from './seeded.ts'

/** What a client knows of one paste: what it may find there. */
export type Entry = {
  slug: string
  editToken: string
  /** SHA-256 of each content that may be there: one, or two while the outcome of an edit is unknown. */
  contents: Set<string>
  /** Whether it may be gone; `certain` once a delete was acknowledged. */
  gone: 'no' | 'maybe' | 'certain'
  /** Whether the create was acknowledged. */
  acknowledged: boolean
}

/** Everything that one client did. */
export type Ledger = { entries: Map<string, Entry>; acknowledged: number; refused: string[] }

const KIB = 1024

/**
 * Does `count` creates, edits and deletes, one after the other, until the service stops answering. What was answered
 * and what was not is written into the ledger. Only answers that a healthy service may give are expected: others end
 * up in `refused`.
 */
export async function work(base: string, random: Seeded, count: number, ledger: Ledger): Promise<void> {
  const mine: Entry[] = []
  for (let done = 0; done < count; done++) {
    const entry = mine[random.below(mine.length || 1)]
    const kinds: ['create' | 'edit' | 'delete', number][] = [
      ['create', 6],
      ['edit', entry ? 3 : 0],
      ['delete', entry ? 1 : 0],
    ]
    const kind = random.pick(kinds)
    if (kind === 'create' || entry === undefined) {
      const made = await make(base, random, ledger)
      if (made) mine.push(made)
    } else if (kind === 'edit') await edit(base, random, entry, ledger)
    else {
      await remove(base, entry, ledger)
      mine.splice(mine.indexOf(entry), 1)
    }
  }
}

async function make(base: string, random: Seeded, ledger: Ledger): Promise<Entry> {
  const bytes = body(random)
  // A name of our own in every case, so that we can ask for it even if the answer is lost.
  const slug = newSlug()
  const entry: Entry = { slug, editToken: '', contents: new Set([sha256(bytes)]), gone: 'maybe', acknowledged: false }
  ledger.entries.set(slug, entry)
  const answer = await postRaw(base, bytes, `slug=${slug}`)
  if (!accept(answer, 201, ledger)) return entry
  return Object.assign(entry, { gone: 'no', acknowledged: true, editToken: json<Created>(answer).editToken })
}

async function edit(base: string, random: Seeded, entry: Entry, ledger: Ledger): Promise<void> {
  const bytes = body(random)
  const sum = sha256(bytes)
  entry.contents.add(sum)
  const answer = await send(`${base}/api/v1/pastes/${entry.slug}/content`, {
    method: 'PUT',
    headers: { 'content-type': 'application/octet-stream', ...bearer(entry.editToken) },
    body: Buffer.from(bytes),
  })
  if (accept(answer, 200, ledger)) entry.contents = new Set([sum])
}

async function remove(base: string, entry: Entry, ledger: Ledger): Promise<void> {
  entry.gone = 'maybe'
  const answer = await send(`${base}/api/v1/pastes/${entry.slug}`, {
    method: 'DELETE',
    headers: bearer(entry.editToken),
  })
  if (accept(answer, 204, ledger)) entry.gone = 'certain'
}

function accept(answer: Answer, expected: number, ledger: Ledger): boolean {
  if (answer.status === expected) ledger.acknowledged++
  else ledger.refused.push(`${answer.status} ${answer.bytes.toString('utf8', 0, 200)}`)
  return answer.status === expected
}

/** In the row, in one frame, in some frames, and sometimes in several parts of an upload. */
function body(random: Seeded): Buffer {
  const kind = random.pick([
    ['row', 10],
    ['frame', 6],
    ['frames', 3],
    ['parts', 1],
  ])
  if (kind === 'row') return logText(1 + random.below(8 * KIB))
  if (kind === 'frame') return randomBytes(64 * KIB + random.below(400 * KIB))
  if (kind === 'frames') return logText(1024 * KIB + random.below(3 * 1024 * KIB))
  return randomBytes((6 + random.below(8)) * 1024 * KIB)
}

/** Compares what a service has with what the ledger allows; gives one sentence for each difference. */
export async function differences(base: string, ledger: Ledger): Promise<string[]> {
  const found: string[] = []
  for (const entry of ledger.entries.values()) {
    const answer = await send(`${base}/raw/${entry.slug}`)
    const there = answer.status === 200
    const sum = sha256(answer.bytes)
    if (there && !entry.contents.has(sum)) found.push(`${entry.slug}: ${answer.bytes.length} bytes that nobody sent`)
    if (there && entry.gone === 'certain') found.push(`${entry.slug}: deleted, and still there`)
    if (!there && entry.gone === 'no') found.push(`${entry.slug}: acknowledged, and lost (${answer.status})`)
    if (!there && ![404, 410].includes(answer.status)) found.push(`${entry.slug}: ${answer.status}`)
  }
  return found
}
