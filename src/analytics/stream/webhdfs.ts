import type { IncomingMessage } from 'node:http'
import { HdfsError, mayPass, readBody, refusal, sendRequest } from './webhdfs-request.ts'

/** A name in a folder. `modifiedAt` is by the NameNode's clock. */
export type HdfsEntry = { name: string; isFolder: boolean; sizeBytes: number; modifiedAt: number }

/**
 * Files in HDFS, by paths that begin with a slash. Each call asks once, and throws {@link HdfsError} when it is refused
 * or no server answers.
 */
export type Hdfs = {
  /** Writes a whole file, over a former one. A call that fails may leave a part of it, which looks like a file. */
  create(path: string, content: Buffer): Promise<void>
  /** Moves a file to a free name, atomically. False when the name is taken, or there is no such file. */
  rename(from: string, to: string): Promise<boolean>
  /** Makes a folder and those above it, unless they are there. */
  makeFolder(path: string): Promise<void>
  /** What lies in a folder, in order of names, page by page; nothing when there is no such folder. */
  list(path: string): AsyncIterable<HdfsEntry>
  /** The bytes of a file; undefined when there is none. A stream that breaks off fails. */
  open(path: string): Promise<AsyncIterable<Buffer> | undefined>
  /** Removes a file; false when there was none. */
  remove(path: string): Promise<boolean>
}

type Parameters = Readonly<Record<string, string>>
type Status = { pathSuffix: string; type: string; length: number; modificationTime: number }
type Listing = {
  DirectoryListing: { partialListing: { FileStatuses: { FileStatus: Status[] } }; remainingEntries: number }
}

/**
 * A client of WebHDFS (REST, as Hadoop 3 documents it). `urls` are the NameNodes': with more than one, the one that
 * answers and is not on standby is used. `user` is whom HDFS's permissions are checked for. `signal` ends every call.
 */
export function createHdfs(options: { urls: readonly string[]; user: string; signal?: AbortSignal }): Hdfs {
  let preferred = 0

  /** Asks the NameNode, and its peers if it can't answer; gives the response of a status below 300. */
  async function ask(method: string, path: string, op: string, parameters: Parameters = {}): Promise<IncomingMessage> {
    let failure: unknown
    for (let attempt = 0; attempt < options.urls.length; attempt += 1) {
      const url = new URL(`/webhdfs/v1${encodeURI(path)}`, options.urls[preferred])
      url.search = `${new URLSearchParams({ op, 'user.name': options.user, ...parameters })}`
      try {
        return await accepted(`${op} ${path}`, await sendRequest(method, url, undefined, options.signal))
      } catch (error) {
        failure = error
        if (!mayPass(error)) break
        preferred = (preferred + 1) % options.urls.length
      }
    }
    throw failure
  }

  const answer = async <Answer>(...asked: Asked): Promise<Answer> =>
    JSON.parse((await readBody(await ask(...asked))).toString()) as Answer

  /** Where the bytes of a file are read or written: at a DataNode. */
  async function dataNode(method: string, path: string, op: string, parameters: Parameters = {}): Promise<URL> {
    const { Location } = await answer<{ Location: string }>(method, path, op, { noredirect: 'true', ...parameters })
    return new URL(Location)
  }

  return {
    async create(path, content) {
      const url = await dataNode('PUT', path, 'CREATE', { overwrite: 'true' })
      await readBody(await accepted(`CREATE ${path}`, await sendRequest('PUT', url, content, options.signal)))
    },
    async rename(from, to) {
      return (await answer<{ boolean: boolean }>('PUT', from, 'RENAME', { destination: to })).boolean
    },
    async makeFolder(path) {
      const { boolean } = await answer<{ boolean: boolean }>('PUT', path, 'MKDIRS')
      if (!boolean) throw new HdfsError(`MKDIRS ${path}: refused`, { status: 403 })
    },
    async *list(path) {
      let startafter = ''
      for (;;) {
        // The documentation spells it startAfter; Hadoop 3.5 ignores that, and would give the first page for ever.
        const page = await answer<Listing>('GET', path, 'LISTSTATUS_BATCH', { startafter }).catch(unlessMissing)
        if (!page) return
        const { partialListing, remainingEntries } = page.DirectoryListing
        for (const { pathSuffix, type, length, modificationTime } of partialListing.FileStatuses.FileStatus) {
          yield { name: pathSuffix, isFolder: type === 'DIRECTORY', sizeBytes: length, modifiedAt: modificationTime }
          startafter = pathSuffix
        }
        if (remainingEntries === 0) return
      }
    },
    async open(path) {
      const url = await dataNode('GET', path, 'OPEN').catch(unlessMissing)
      return url && accepted(`OPEN ${path}`, await sendRequest('GET', url, undefined, options.signal))
    },
    async remove(path) {
      return (await answer<{ boolean: boolean }>('DELETE', path, 'DELETE')).boolean
    },
  }
}

type Asked = [method: string, path: string, op: string, parameters?: Parameters]

async function accepted(what: string, response: IncomingMessage): Promise<IncomingMessage> {
  const status = response.statusCode ?? 0
  if (status < 300) return response
  throw refusal(what, status, await readBody(response))
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof HdfsError && error.status === 404) return undefined
  throw error
}
