import { posix } from 'node:path'
import type { Hdfs } from '../../../src/analytics/stream/webhdfs.ts'

/** HDFS in memory, for what has to be tried a thousand times; the real one passes the same contract in test/stream. */
export function createMemoryHdfs(now: () => number = Date.now): Hdfs {
  const files = new Map<string, { content: Buffer; modifiedAt: number }>()
  const folders = new Set<string>(['/'])

  const makeFolder = (path: string) => {
    for (let folder = path; folder !== '/'; folder = posix.dirname(folder)) folders.add(folder)
  }

  return {
    async create(path, content) {
      makeFolder(posix.dirname(path))
      files.set(path, { content, modifiedAt: now() })
    },
    async rename(from, to) {
      const file = files.get(from)
      if (!file || files.has(to) || folders.has(to) || !folders.has(posix.dirname(to))) return false
      files.delete(from)
      files.set(to, file)
      return true
    },
    async makeFolder(path) {
      makeFolder(path)
    },
    async *list(path) {
      const names = [...files.keys(), ...folders].filter((name) => name !== '/' && posix.dirname(name) === path)
      for (const name of names.sort()) {
        const file = files.get(name)
        const { content, modifiedAt } = file ?? { content: Buffer.alloc(0), modifiedAt: 0 }
        yield { name: posix.basename(name), isFolder: !file, sizeBytes: content.length, modifiedAt }
      }
    },
    async open(path) {
      const file = files.get(path)
      return file && inPieces(file.content)
    },
    async remove(path) {
      return files.delete(path)
    },
  }
}

async function* inPieces(content: Buffer): AsyncIterable<Buffer> {
  for (let at = 0; at < content.length; at += 1_000) yield content.subarray(at, at + 1_000)
}
