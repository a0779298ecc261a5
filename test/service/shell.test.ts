import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { curl } from './support/curl.ts'
import { onBothLanes } from './support/lanes.ts'

const LARGE = Buffer.from('a line of the output of some build\n'.repeat(60_000))
let folder: string
let file: string
let largeFile: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pastebin-shell-'))
  file = join(folder, 'notes.txt')
  largeFile = join(folder, 'build.log')
  await writeFile(file, 'some notes\n')
  await writeFile(largeFile, LARGE)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

onBothLanes('curl at a shell', (service) => {
  /** Runs curl, expects one line with a URL of ours, and gives what curl reads from there. */
  async function postAndRead(args: string[], input: string | Buffer = ''): Promise<{ url: string; read: Buffer }> {
    const { status, output, complaint } = await curl(args, input)
    expect(status, complaint).toBe(0)
    const url = output.toString().trimEnd()
    expect(output.toString()).toBe(`${url}\n`)
    expect(url).toMatch(new RegExp(`^${service.url}/[\\w-]{3,64}$`))
    return { url, read: (await curl([url])).output }
  }

  test('-T file host/ answers the URL', async () => {
    expect((await postAndRead(['-T', file, `${service.url}/`])).read.toString()).toBe('some notes\n')
  })

  test('-T file host/ keeps the name of the file', async () => {
    const { url } = await postAndRead(['-T', file, `${service.url}/`])
    const { output } = await curl(['--head', url.replace(/[^/]+$/, 'download/$&')])
    expect(output.toString()).toContain('filename=notes.txt')
  })

  test('-T file host/name takes the name', async () => {
    const { url, read } = await postAndRead(['-T', largeFile, `${service.url}/my-build`])
    expect(url).toBe(`${service.url}/my-build`)
    expect(read.equals(LARGE)).toBe(true)
  })

  test('-T file host/name of a name that is taken says so, and -f fails', async () => {
    await curl(['-T', file, `${service.url}/my-notes`])
    const { status, complaint } = await curl(['-f', '-T', largeFile, `${service.url}/my-notes`])
    expect(status).toBe(22)
    expect(complaint).toContain('409')
  })

  test('| -T- host/ sends what another program prints', async () => {
    expect((await postAndRead(['-T-', `${service.url}/`], LARGE)).read.equals(LARGE)).toBe(true)
  })

  test('| -T. host/ sends it while it is printed', async () => {
    expect((await postAndRead(['-T.', `${service.url}/`], 'a line\n')).read.toString()).toBe('a line\n')
  })

  test('--data-binary @- host/', async () => {
    expect((await postAndRead(['--data-binary', '@-', `${service.url}/`], 'a\nb\n')).read.toString()).toBe('a\nb\n')
  })

  test('-F file=@file host/', async () => {
    expect((await postAndRead(['-F', `file=@${largeFile}`, `${service.url}/`])).read.equals(LARGE)).toBe(true)
  })

  test.for(['f:1', 'sprunge', 'content', 'c'])('-F %s=<- host/, as other pastebins have it', async (field) => {
    expect((await postAndRead(['-F', `${field}=<-`, `${service.url}/`], 'some text')).read.toString()).toBe('some text')
  })

  test('options go into the query', async () => {
    const { url } = await postAndRead(['-T', file, `${service.url}/?slug=with-options&expiresIn=1h&title=Notes`])
    const { output } = await curl([url.replace(/[^/]+$/, 'api/v1/pastes/$&')])
    expect(JSON.parse(output.toString())).toMatchObject({ slug: 'with-options', title: 'Notes' })
  })

  test('options go before the file of a form', async () => {
    const { url } = await postAndRead(['-F', 'slug=by-a-form', '-F', `file=@${file}`, `${service.url}/`])
    expect(url).toBe(`${service.url}/by-a-form`)
  })

  test('the edit token is in a header, and deletes', async () => {
    const { output } = await curl(['-i', '-T-', `${service.url}/`], 'some text')
    const token = /^x-edit-token: (\S+)/im.exec(output.toString())?.[1]
    const slug = output.toString().trimEnd().split('/').at(-1)
    const api = `${service.url}/api/v1/pastes/${slug}`
    const deletion = await curl([
      '-o',
      '/dev/null',
      '-w',
      '%{http_code}',
      '-X',
      'DELETE',
      '-H',
      `Authorization: Bearer ${token}`,
      api,
    ])
    expect(deletion.output.toString()).toBe('204')
  })

  test('--compressed reads zstd', async () => {
    const { url } = await postAndRead(['-T', largeFile, `${service.url}/`])
    const { output } = await curl(['--compressed', url])
    expect(output.equals(LARGE)).toBe(true)
  })

  test('-r reads a part', async () => {
    const { url } = await postAndRead(['-T', file, `${service.url}/`])
    expect((await curl(['-r', '5-9', url])).output.toString()).toBe('notes')
  })
})
