import { setTimeout as delay } from 'node:timers/promises'
import { dayFolder, type EventsPlace, isEventFile, partitionFolder, partitionOf } from './event-files.ts'
import { linesOf } from './lines.ts'
import type { Hdfs } from './webhdfs.ts'
import { HdfsError, mayPass } from './webhdfs-request.ts'

/** A row as it lies in a file: whatever the event had, of any version, and its place in Kafka. */
export type EventRow = Readonly<Record<string, unknown>> & { kafkaPartition: number; kafkaOffset: number }

/** What was read. `repeated` rows lay in a second file too and were passed over. */
export type ReadSummary = { files: number; events: number; repeated: number }

const ATTEMPTS = 8

/**
 * Reads the events of one UTC day, each once, a piece of a file in memory at a time. A partition's files are read in
 * the order of their first offsets, and of each only the rows behind the highest offset that was seen: a file holds
 * all of the day's rows between its first and its last, so what is not behind was seen before, whichever of two sinks
 * wrote it. One number for each partition is all that has to be remembered. A file whose reading breaks off is read
 * again, in the same manner, for some 25 s. Throws {@link HdfsError} when HDFS refuses or can't be reached.
 */
export async function readDay(
  { hdfs, place }: { hdfs: Hdfs; place: EventsPlace },
  day: string,
  onEvent: (row: EventRow) => void,
): Promise<ReadSummary> {
  const summary = { files: 0, events: 0, repeated: 0 }
  for await (const { name, isFolder } of hdfs.list(dayFolder(place, day))) {
    const partition = partitionOf(name)
    if (!isFolder || partition === undefined) continue
    const folder = partitionFolder(place, day, partition)
    let highest = -1
    for await (const entry of hdfs.list(folder)) {
      if (entry.isFolder || !isEventFile(entry.name)) continue
      const before = summary.events
      let rows = 0
      await patiently(async () => {
        rows = 0
        for await (const line of linesOf(await content(hdfs, `${folder}/${entry.name}`))) {
          rows += 1
          const row = JSON.parse(line) as EventRow
          if (row.kafkaOffset <= highest) continue
          highest = row.kafkaOffset
          summary.events += 1
          onEvent(row)
        }
      })
      summary.files += 1
      summary.repeated += rows - (summary.events - before)
    }
  }
  return summary
}

async function content(hdfs: Hdfs, file: string): Promise<AsyncIterable<Buffer>> {
  const bytes = await hdfs.open(file)
  if (!bytes) throw new HdfsError(`${file} has been removed meanwhile`, { status: 404 })
  return bytes
}

async function patiently(work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await work()
      return
    } catch (error) {
      // What is no HdfsError is a stream that broke off, or a damaged file: the last attempt tells.
      if (attempt === ATTEMPTS || (error instanceof HdfsError && !mayPass(error))) throw error
      await delay(2 ** attempt * 50)
    }
  }
}
