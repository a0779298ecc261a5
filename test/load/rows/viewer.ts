import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '../../services/index.ts'
import { upload } from '../client.ts'
import { largeLog, SMALL_BYTES } from '../data.ts'
import type { Result, Row } from '../result.ts'
import { startService } from '../servers.ts'

const REPETITIONS = 7
const STEPS = 100
const LINE = 400_000
const MEGA = 1_000_000

/** One visit of a paste's page by a browser that has seen nothing of the service before. */
type Visit = { paintedMs: number; bytes: number; heapBytes: number }

/** The page of the log in Chromium on loopback, beside the pages of 4 KiB and 1 MiB. */
export const viewer: Row = {
  name: 'large',
  onlyWhenNamed: true,
  async run(folder) {
    const log = largeLog()
    await using service = await startService(join(folder, 'ours'))
    const address = async (bytes: Buffer) => `http://127.0.0.1:${service.port}/${await upload(service.port, bytes)}`
    const small = await address(log.subarray(0, SMALL_BYTES))
    const middle = await address(log.subarray(0, 1024 * 1024))
    const large = await address(log)
    const browser = await launchBrowser()
    try {
      const visits: Record<'small' | 'middle' | 'large', Visit[]> = { small: [], middle: [], large: [] }
      // The very first page waits for the browser itself.
      await visit(browser, small)
      for (let repetition = 0; repetition < REPETITIONS; repetition++) {
        visits.small.push(await visit(browser, small))
        visits.middle.push(await visit(browser, middle))
        visits.large.push(await visit(browser, large))
      }
      const painted = (which: keyof typeof visits) => visits[which].map(({ paintedMs }) => paintedMs)
      const ratios = painted('large').map((ms, index) => ms / (painted('small')[index] ?? Number.NaN))
      return [
        { work: 'first screen of a 50 MiB log', unit: 'ms', ours: painted('large'), goals: [{ atMost: 300 }] },
        { work: 'the same of 1 MiB', unit: 'ms', ours: painted('middle'), goals: [{ atMost: 300 }] },
        { work: 'the same of 4 KiB', unit: 'ms', ours: painted('small'), goals: [] },
        { work: 'first screen, 50 MiB to 4 KiB', unit: '×', ours: ratios, goals: [{ atMost: 2 }] },
        {
          work: 'transferred for it, all files',
          unit: 'KiB',
          ours: visits.large.map(({ bytes }) => bytes / 1024),
          goals: [{ atMost: 512 }],
        },
        {
          work: 'JS heap after it',
          unit: 'MB',
          ours: visits.large.map(({ heapBytes }) => heapBytes / MEGA),
          goals: [{ atMost: 60 }],
        },
        ...(await moves(browser, large)),
      ]
    } finally {
      await browser.close()
    }
  },
}

async function visit(browser: Browser, address: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 } })
  const page = await context.newPage()
  const sizes: Promise<number>[] = []
  page.on('requestfinished', (request) => {
    sizes.push(
      request.sizes().then(({ responseHeadersSize, responseBodySize }) => responseHeadersSize + responseBodySize),
    )
  })
  await page.goto(address, { waitUntil: 'networkidle' })
  const paintedMs = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => resolve(list.getEntries().at(-1)?.startTime ?? Number.NaN)).observe({
          type: 'largest-contentful-paint',
          buffered: true,
        })
      }),
  )
  const heapBytes = await usedHeap(page)
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
  await context.close()
  return { paintedMs, bytes, heapBytes }
}

async function usedHeap(page: Page): Promise<number> {
  const control = await page.context().newCDPSession(page)
  await control.send('HeapProfiler.collectGarbage')
  return (await control.send('Runtime.getHeapUsage')).usedSize
}

/** Jumps, the end, and a way from top to bottom, each on a page of its own. */
async function moves(browser: Browser, address: string): Promise<Result[]> {
  const jumps: number[] = []
  const ends: number[] = []
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    const page = await openViewer(browser, address)
    jumps.push(await timeUntilShown(page, 'jump'))
    ends.push(await timeUntilShown(page, 'end'))
    await page.context().close()
  }
  const page = await openViewer(browser, address)
  const longTasks = await scrollThrough(page)
  const heapBytes = await usedHeap(page)
  await page.context().close()
  return [
    {
      work: `jump to line ${LINE.toLocaleString('en')}, its text painted`,
      unit: 'ms',
      ours: jumps,
      goals: [{ atMost: 100 }],
    },
    { work: 'End, its text painted', unit: 'ms', ours: ends, goals: [{ atMost: 100 }] },
    {
      work: `main-thread tasks over 50 ms, top to bottom in ${STEPS} steps`,
      unit: 'tasks',
      ours: [longTasks],
      goals: [{ atMost: 0 }],
    },
    { work: 'JS heap after that', unit: 'MB', ours: [heapBytes / MEGA], goals: [{ atMost: 60 }] },
  ]
}

async function openViewer(browser: Browser, address: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 } })
  const page = await context.newPage()
  await page.goto(address, { waitUntil: 'networkidle' })
  return page
}

/** Milliseconds from what the user does until the frame after the text of the line is there. */
function timeUntilShown(page: Page, move: 'jump' | 'end'): Promise<number> {
  return page.evaluate(
    async ([which, line]) => {
      const count = Number(document.querySelector<HTMLElement>('#main')?.dataset.lines)
      const wanted = which === 'jump' ? line : count
      const startedAt = performance.now()
      if (which === 'jump') location.hash = `#L${line}`
      else document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'End', bubbles: true, cancelable: true }))
      const frame = () => new Promise((next) => requestAnimationFrame(next))
      while ((document.querySelector(`[data-line="${wanted}"]`)?.textContent?.trim() ?? '') === '') await frame()
      await frame()
      return performance.now() - startedAt
    },
    [move, LINE] as const,
  )
}

/** Scrolls from top to bottom, each step once the text of the last one is there; gives the long tasks it took. */
function scrollThrough(page: Page): Promise<number> {
  return page.evaluate(async (steps) => {
    let tasks = 0
    const observer = new PerformanceObserver((list) => {
      tasks += list.getEntries().length
    })
    observer.observe({ type: 'longtask' })
    const box = document.querySelector('#viewer') as HTMLElement
    const frame = () => new Promise((next) => requestAnimationFrame(next))
    const waiting = () => [...box.querySelectorAll('.line')].some((row) => row.textContent === '')
    for (let step = 1; step <= steps; step++) {
      box.scrollTop = ((box.scrollHeight - box.clientHeight) * step) / steps
      await frame()
      while (waiting()) await frame()
    }
    await frame()
    tasks += observer.takeRecords().length
    return tasks
  }, STEPS)
}
