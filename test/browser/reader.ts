import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { patiently } from '../patience.ts'

/** A line on the screen: its number, its text without the line end, where its row begins below the box's edge (px). */
export type SeenLine = { number: number; text: string; y: number }

/** Somebody who reads a large paste in its viewer. */
export type Reader = {
  /** The lines of which more than a pixel is on the screen, from above. */
  seen(): Promise<SeenLine[]>
  /** Waits until a line is on the screen with this text, and gives it. */
  sees(number: number, text: string): Promise<SeenLine>
  /** Px of the scrollbar's way. */
  scrollTop(): Promise<number>
  /** Drags the thumb: the box is where it says, at once. */
  dragTo(scrollTop: number): Promise<void>
  /** Turns the wheel over the lines, and waits until they stand still. */
  wheel(pixels: number): Promise<void>
  /** Draws a finger up over the lines and does `look` before it is lifted: what glides on after that depends on its speed. */
  swipeUp(pixels: number, look: () => Promise<void>): Promise<void>
}

/** The reader of the page; `page` is asked anew each time, since each test has its own. */
export function reader(page: () => Page): Reader {
  const seen = () =>
    page().evaluate(() => {
      const box = (document.querySelector('#viewer') as HTMLElement).getBoundingClientRect()
      return [...document.querySelectorAll<HTMLElement>('.line')].flatMap((row) => {
        const { top, bottom } = row.getBoundingClientRect()
        if (bottom <= box.top + 1 || top >= box.bottom - 1) return []
        const number = Number(row.dataset.line)
        return [{ number, text: (row.textContent ?? '').replace(/\n$/, ''), y: Math.round(top - box.top) }]
      })
    })
  return {
    seen,
    async sees(number, text) {
      const find = async () => (await seen()).find((line) => line.number === number)
      await expect.poll(async () => (await find())?.text, { timeout: patiently(10_000) }).toBe(text)
      return (await find()) as SeenLine
    },
    scrollTop: () => page().evaluate(() => document.querySelector('#viewer')?.scrollTop ?? Number.NaN),
    dragTo: (scrollTop) =>
      page().evaluate(async (top) => {
        document.querySelector('#viewer')?.scrollTo(0, top)
        await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)))
      }, scrollTop),
    async wheel(pixels) {
      const over = page().evaluate(
        () =>
          new Promise((done) => document.querySelector('#viewer')?.addEventListener('scrollend', done, { once: true })),
      )
      await page().mouse.move(300, 300)
      await page().mouse.wheel(0, pixels)
      await over
    },
    async swipeUp(pixels, look) {
      const control = await page().context().newCDPSession(page())
      const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', y?: number) =>
        control.send('Input.dispatchTouchEvent', { type, touchPoints: y === undefined ? [] : [{ x: 200, y }] })
      await touch('touchStart', 500)
      for (let way = 10; way <= pixels; way += 10) await touch('touchMove', 500 - way)
      await look()
      await touch('touchEnd')
    },
  }
}
