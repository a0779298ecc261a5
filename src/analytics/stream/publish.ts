import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { type EventsPlace, fileName, partitionFolder, scratchFolder } from './event-files.ts'
import { linesOf } from './lines.ts'
import type { Row } from './row.ts'
import type { Hdfs } from './webhdfs.ts'
import { HdfsError } from './webhdfs-request.ts'

const compress = promisify(gzip)

/** Rows of one partition and day, by ascending offset, none missing between the first and the last. */
export type Rows = { partition: number; day: string; rows: readonly Row[] }

/** What was written for them. */
export type Published = { files: number; bytes: number }

/**
 * Brings rows into a file that is named by its first offset: whole, or not at all. A file that has its name is never
 * changed again, so a query that reads it never loses it. Where the name is taken, by ourselves before a crash or by
 * a sink that had the partition at the same time, the same messages lie in it, as a partition's are the same to all:
 * the rows behind its last go to a file of their own. So a replay finds what it wrote, and no row is ever replaced by
 * fewer. Can be repeated after a failure of any kind; `writer` is a name that no other process has.
 */
export async function publishRows(
  { hdfs, place, writer }: { hdfs: Hdfs; place: EventsPlace; writer: string },
  { partition, day, rows }: Rows,
): Promise<Published> {
  const published = { files: 0, bytes: 0 }
  let rest = rows
  for (;;) {
    const [first] = rest
    if (!first) return published
    const folder = partitionFolder(place, day, partition)
    const file = `${folder}/${fileName(first.offset)}`
    const scratch = `${scratchFolder(place.folder)}/${place.topic}-${day}-${partition}-${first.offset}.${writer}`
    const content = await compress(`${rest.map((row) => row.text).join('\n')}\n`)
    await hdfs.create(scratch, content)
    await hdfs.makeFolder(folder)
    if (await hdfs.rename(scratch, file)) {
      published.files += 1
      published.bytes += content.length
      return published
    }
    const last = await lastOffset(hdfs, file)
    rest = rest.filter((row) => row.offset > last)
    await hdfs.remove(scratch)
  }
}

async function lastOffset(hdfs: Hdfs, file: string): Promise<number> {
  const content = await hdfs.open(file)
  // Then it was the scratch file that was not there: somebody tidied up.
  if (!content) throw new HdfsError(`RENAME to ${file}: refused, and it is not there`)
  let last: string | undefined
  for await (const line of linesOf(content)) last = line
  const { kafkaOffset } = JSON.parse(last ?? '{}') as { kafkaOffset?: number }
  if (kafkaOffset === undefined) throw new HdfsError(`${file} is in the way: it holds no events`)
  return kafkaOffset
}

/** Removes scratch files untouched for an hour: their writers were killed. Gives how many. */
export async function sweepScratch(hdfs: Hdfs, folder: string, now: number): Promise<number> {
  let swept = 0
  for await (const { name, isFolder, modifiedAt } of hdfs.list(scratchFolder(folder))) {
    if (isFolder || modifiedAt > now - 3_600_000) continue
    if (await hdfs.remove(`${scratchFolder(folder)}/${name}`)) swept += 1
  }
  return swept
}
