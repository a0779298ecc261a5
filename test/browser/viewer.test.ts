import { beforeAll, describe, expect, test } from 'vitest'
import { patiently } from '../patience.ts'
import { createBucket, createDatabase, whenService } from '../services/index.ts'
import { largePaste, postBytes } from './large-paste.ts'
import { reader } from './reader.ts'
import { type Site, startSite } from './site.ts'
import { visitor } from './visitor.ts'

const log = largePaste()

whenService('chromium', () => {
  describe('a log of 50 MiB, embedded', () => suite())
  whenService(['sql', 's3'], ({ sql, s3 }) => {
    describe('a log of 50 MiB, with S3', () =>
      suite(async () => {
        const [database, bucket] = await Promise.all([createDatabase(sql), createBucket(s3)])
        const environment = { DATABASE_URL: database.url, MIGRATE_AT_START: 'true', ...bucket.environment }
        const site = await startSite(environment)
        return { ...site, stop: () => site.stop().then(() => database.drop()) }
      }))
  })
})

function suite(start?: () => Promise<Site>): void {
  const me = visitor(start)
  const { seen, sees, scrollTop, dragTo, wheel } = reader(() => me.page)
  let path = ''
  beforeAll(async () => {
    path = await postBytes(me.site.url, log.bytes, 'fileName=build.log')
  }, patiently(60_000))

  test('jumps to a line by its number', async () => {
    await me.open(path)
    await me.page.keyboard.press('g')
    await me.page.keyboard.type('400000')
    await me.page.keyboard.press('Enter')
    await sees(400_000, log.line(400_000))
    expect(me.page.url()).toBe(`${me.site.url}${path}#L400000`)
  })

  // Where the bytes lie is no concern of the viewer's: one test on real servers is enough.
  if (start) return

  test('shows its first lines, and says how many there are', async () => {
    await me.open(path)
    const lines = await seen()
    expect(lines.map(({ number, text }) => [number, text])).toEqual(
      lines.map((_, index) => [index + 1, log.line(index + 1)]),
    )
    expect(lines.length).toBeGreaterThan(20)
    expect(await me.page.textContent('#position')).toBe(`line 1 of ${log.count.toLocaleString('en')}`)
  })

  test('End shows the last line, and Home the first', async () => {
    await me.open(path)
    await me.page.keyboard.press('End')
    await sees(log.count, log.line(log.count))
    await me.page.keyboard.press('Home')
    await sees(1, log.line(1))
    expect(await scrollTop()).toBe(0)
  })

  test('the scrollbar is true over all lines', async () => {
    await me.open(path)
    const length = await me.page.evaluate(() => {
      const { scrollHeight = 0, clientHeight = 0 } = document.querySelector('#viewer') ?? {}
      return scrollHeight - clientHeight
    })
    for (const share of [0.5, 1, 0.25, 0]) {
      // The thumb is held there, however late the lines come.
      const off = async () => {
        await dragTo(length * share)
        return Math.abs(((await seen())[0]?.number ?? 0) / log.count - share)
      }
      await expect.poll(off).toBeLessThan(0.001)
      const [first] = await seen()
      await sees(first?.number ?? 0, log.line(first?.number ?? 0))
    }
  })

  test('a thumb that is dragged stays where it is while lines arrive', async () => {
    await me.open(path)
    const places = await me.page.evaluate(async () => {
      const box = document.querySelector('#viewer') as HTMLElement
      const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
      let answered = Promise.withResolvers<void>()
      let held = Promise.withResolvers<void>()
      const { fetch } = window
      window.fetch = async (...asked) => {
        const answer = await fetch(...asked)
        const bytes = await answer.arrayBuffer()
        answered.resolve()
        await held.promise
        return new Response(bytes, answer)
      }
      const seen: number[] = []
      for (const place of [1_000_000, 2_000_000, 3_000_000, 4_000_000]) {
        box.scrollTo(0, place)
        await answered.promise
        // The thumb moves on, and the lines come before the browser has told of it.
        box.scrollTo(0, place + 500_000)
        held.resolve()
        await painted()
        seen.push(Math.round(box.scrollTop))
        answered = Promise.withResolvers()
        held = Promise.withResolvers()
      }
      return seen
    })
    expect(places).toEqual([1_500_000, 2_500_000, 3_500_000, 4_500_000])
  })

  test('a turn of the wheel moves the lines by its pixels, wherever the thumb was', async () => {
    await me.open(path)
    for (const place of [0, 3_000_000, 7_000_000]) {
      await dragTo(place)
      const before = (await seen()).at(-1)
      await wheel(100)
      const after = (await seen()).find(({ number }) => number === before?.number)
      expect((before?.y ?? 0) - (after?.y ?? 0)).toBe(100)
    }
  })

  test('a link to lines opens there, with these lines selected', async () => {
    await me.open(`${path}#L400000-L400100`)
    await sees(400_000, log.line(400_000))
    expect(await me.page.locator('.line.selected').first().getAttribute('data-line')).toBe('400000')
    await me.page.click('#copy-lines')
    await me.page.getByText('Copied', { exact: true }).waitFor()
    const wanted = Array.from({ length: 101 }, (_, index) => `${log.line(400_000 + index)}\n`).join('')
    expect(await me.clipboard()).toBe(wanted)
  })

  test('lines that are far apart are selected by click and shift-click', async () => {
    await me.open(path)
    await me.page.click('[data-line="3"]', { position: { x: 10, y: 10 } })
    await me.page.keyboard.press('End')
    await sees(log.count, log.line(log.count))
    await me.page.click(`[data-line="${log.count}"]`, { position: { x: 10, y: 10 }, modifiers: ['Shift'] })
    expect(me.page.url()).toBe(`${me.site.url}${path}#L3-L${log.count}`)
    await me.page.click('#copy-lines')
    await me.page.getByText('at most 16 MiB can be copied').waitFor()
  })

  test('finds a text in all lines, and goes from hit to hit', async () => {
    const needle = 'attempt=3 backoff=399ms'
    const hits = Array.from({ length: log.count }, (_, index) => index + 1).filter((line) =>
      log.line(line).includes(needle),
    )
    const [first = 0, second = 0] = hits
    await me.open(path)
    await me.page.keyboard.press('/')
    await me.page.keyboard.type(needle.toUpperCase())
    await me.page.getByText(`1 of ${hits.length}`, { exact: true }).waitFor()
    await sees(first, log.line(first))
    await me.page.keyboard.press('Enter')
    await me.page.getByText(`2 of ${hits.length}`, { exact: true }).waitFor()
    await sees(second, log.line(second))
    await me.page.keyboard.press('N')
    await sees(first, log.line(first))
    await me.page.keyboard.press('Enter')
    await sees(second, log.line(second))
    expect(await me.page.inputValue('#find-text')).toBe(needle.toUpperCase())
    await me.page.keyboard.press('/')
    await me.page.keyboard.press('Escape')
    await me.page.getByText(`2 of ${hits.length}`, { exact: true }).waitFor()
    await me.page.click('#find-case')
    await me.page.getByText('Not found').waitFor()
  })
}
