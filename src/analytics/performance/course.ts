import type { Recording } from '../recording/index.ts'
import type { Series } from './schema.ts'

/** One step of a range: what was recorded in it, by each replica or together, and how many of its seconds are over. */
export type Step = { recordings: readonly Recording[]; seconds: number }

/** What was recorded of one thing: a list for each step. */
export type Course<Item> = readonly (readonly Item[])[]

/** The course of everything that has a name. */
export function coursesOf<Item>(
  steps: readonly Step[],
  itemsOf: (recording: Recording) => readonly Item[],
  nameOf: (item: Item) => string,
): Map<string, Item[][]> {
  const courses = new Map<string, Item[][]>()
  for (const [index, { recordings }] of steps.entries())
    for (const item of recordings.flatMap(itemsOf)) {
      let course = courses.get(nameOf(item))
      if (course === undefined) {
        course = steps.map(() => [])
        courses.set(nameOf(item), course)
      }
      course[index]?.push(item)
    }
  return courses
}

/** A value for each step that has data; null where `read` gives null. */
export function seriesOf(
  steps: readonly Step[],
  read: (index: number, seconds: number) => number | null | undefined,
): Series {
  return steps.map(({ recordings, seconds }, index) =>
    recordings.length === 0 ? null : rounded(read(index, seconds) ?? null),
  )
}

/** The sum of a figure, per second, step by step. */
export function ratesOf<Figure extends string>(
  steps: readonly Step[],
  course: Course<Record<Figure, number>>,
  figure: Figure,
): Series {
  return seriesOf(steps, (index, seconds) => sumOf(course[index] ?? [], figure) / seconds)
}

/** The sum of a figure. */
export function sumOf<Figure extends string>(items: readonly Record<Figure, number>[], figure: Figure): number {
  let sum = 0
  for (const item of items) sum += item[figure]
  return sum
}

/** The largest value; null when none is known. */
export function largestOf(values: readonly (number | null)[]): number | null {
  return values.reduce((most, value) => (value !== null && (most === null || value > most) ? value : most), null)
}

/** Three digits behind the point are more than is known, and half the JSON. */
export function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1_000) / 1_000
}
