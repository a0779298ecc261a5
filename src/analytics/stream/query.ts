import { EVENT_VERSION } from '../events/index.ts'
import type { EventsPlace } from './event-files.ts'
import { type EventRow, type ReadSummary, readDay } from './read-day.ts'
import { createTopCounter } from './top-counter.ts'
import type { Hdfs } from './webhdfs.ts'

/** Members of an event that can be counted by. */
export const COUNTABLE = ['paste', 'action', 'via', 'agent', 'referrer', 'country', 'user', 'replica'] as const

/** What is asked: how often each value of `by` occurs among the events of a UTC day, of these actions only if given. */
export type Question = { day: string; by: (typeof COUNTABLE)[number]; actions?: readonly string[]; limit: number }

/** `counted` of the events were asked for; `otherVersions` are of releases that this one does not know. */
export type Answer = ReadSummary & {
  counted: number
  otherVersions: number
  unreadable: number
  top: { key: string; count: number }[]
  /** By how much a count may be too low: 0 unless there were very many different keys. */
  mayLack: number
}

const MOST_KEYS = 500_000

/** Counts a day's events from HDFS; see readDay for what it takes and throws. */
export async function countEvents(source: { hdfs: Hdfs; place: EventsPlace }, question: Question): Promise<Answer> {
  const counter = createTopCounter(MOST_KEYS)
  let [counted, otherVersions, unreadable] = [0, 0, 0]
  const summary = await readDay(source, question.day, (row) => {
    if ('unreadable' in row) {
      unreadable += 1
      return
    }
    if (row.version !== EVENT_VERSION) otherVersions += 1
    if (question.actions && !question.actions.includes(String(row.action))) return
    counted += 1
    counter.add(keyOf(row, question.by))
  })
  const { entries, mayLack } = counter.top(question.limit)
  return { ...summary, counted, otherVersions, unreadable, top: entries, mayLack }
}

function keyOf(row: EventRow, by: Question['by']): string {
  const value = row[by]
  return typeof value === 'string' ? value : '(none)'
}
