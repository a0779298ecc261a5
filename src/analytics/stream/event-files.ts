/** Where the events of a topic lie: `folder` is `EVENTS_FOLDER`, without a slash at its end. */
export type EventsPlace = { folder: string; topic: string }

const DIGITS = 20
const SUFFIX = '.ndjson.gz'

/**
 * The folder of a partition's rows of one day. Hive, Spark and DuckDB read `day` and `partition` from the path and skip
 * what a query does not ask for; an old day is forgotten by removing its folder.
 */
export function partitionFolder({ folder, topic }: EventsPlace, day: string, partition: number): string {
  return `${dayFolder({ folder, topic }, day)}/partition=${partition}`
}

/** The folder of all rows of one day, such as `2026-11-23`. */
export function dayFolder({ folder, topic }: EventsPlace, day: string): string {
  return `${folder}/${topic}/day=${day}`
}

/** The name of the file whose first row has this offset: names sort as offsets do. */
export function fileName(firstOffset: number): string {
  return `${String(firstOffset).padStart(DIGITS, '0')}${SUFFIX}`
}

/** Whether a name is one of {@link fileName}'s. */
export function isEventFile(name: string): boolean {
  return name.length === DIGITS + SUFFIX.length && name.endsWith(SUFFIX)
}

/** The partition that a folder of a day holds; undefined when it is another folder. */
export function partitionOf(name: string): number | undefined {
  const digits = /^partition=(\d{1,9})$/.exec(name)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** Where files grow before they get their name; what begins with `_` is not read by Hive and Spark. */
export function scratchFolder(folder: string): string {
  return `${folder}/_tmp`
}
