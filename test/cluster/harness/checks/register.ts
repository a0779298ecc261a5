import type { Check, Operation } from '../ledger.ts'
import { type Call, linearize } from './linearize.ts'
import { bySlug, creates, STALE_MS } from './values.ts'

const ABSENT = '(absent)'
const GONE = '(gone)'

/**
 * A paste is a register with compare-and-set: one order of its acknowledged writes, of those whose outcome is unknown,
 * and of all reads explains what everybody saw. Writes are linearizable; a read may be `STALE_MS` behind. So that no
 * two edits win by one ETag, nothing acknowledged is lost, and nothing refused or long replaced is ever seen.
 */
export const contentHasOneHistory: Check = (ledger) =>
  [...bySlug(ledger)].flatMap(([slug, operations]) => {
    const seen = [...writesOf(operations), ...operations.filter(isRead)]
    const verdict = linearize(seen.map(callOf), ABSENT)
    if (verdict.possible === true) return []
    if (verdict.possible === 'undecided')
      return [{ check: 'history', message: `${slug}: too many orders to decide`, operations: seen.slice(0, 1) }]
    const stuck = verdict.stuck.map((index) => seen[index] as Operation)
    const writes = seen.filter(({ sent }) => sent)
    return [{ check: 'history', message: `${slug}: ${anomaly(writes, stuck)}`, operations: [...stuck, ...writes] }]
  })

function writesOf(operations: readonly Operation[]): Operation[] {
  const changes = operations.filter(({ kind, outcome }) => (kind === 'edit' || kind === 'delete') && outcome !== 'fail')
  return [...creates(operations), ...changes]
}

function isRead({ sent, outcome, got }: Operation): boolean {
  return sent === undefined && outcome === 'ok' && Boolean(got?.content) && !got?.content?.startsWith('?')
}

function callOf({ kind, sent, got, outcome, startedAt, endedAt }: Operation): Call<string> {
  const optional = outcome === 'info'
  const span = { from: startedAt, to: optional ? Number.POSITIVE_INFINITY : endedAt, optional }
  if (sent === undefined)
    return {
      ...{ ...span, from: startedAt - STALE_MS, isRead: true },
      apply: (state) => (state === got?.content ? state : undefined),
    }
  const { content, ifMatch } = sent
  return {
    ...{ ...span, isRead: false },
    apply(state) {
      if (kind === 'create') return state === ABSENT ? (content ?? ABSENT) : undefined
      if (state === ABSENT || state === GONE) return kind === 'delete' && optional ? state : undefined
      if (kind === 'delete') return GONE
      // What is there already may be acknowledged once more.
      return ifMatch === null || state === ifMatch || state === content ? (content ?? state) : undefined
    },
  }
}

/** The anomaly by the name that the literature gives it. */
function anomaly(writes: readonly Operation[], stuck: readonly Operation[]): string {
  const winners = writes.filter(({ outcome, sent }) => outcome === 'ok' && sent?.ifMatch)
  const bases = winners.map(({ sent }) => sent?.ifMatch)
  if (new Set(bases).size < bases.length) return 'a lost update: two edits were acknowledged for one If-Match'
  const read = stuck.find(({ sent }) => sent === undefined)
  if (!read) return 'a lost write: no order of the writes has all that were acknowledged'
  const writer = writes.find(({ sent }) => sent?.content === read.got?.content)
  return writer ? 'a stale or reordered read' : 'an aborted read: what is seen was refused'
}
