import { later } from '../../core/index.ts'
/** Pauses (`ms` from 0) that can be cut short: one under way by `endAll`, and all after it until `allow`. */
export function createPauses() {
  let isAllowed = true
  let end = () => {}
  return {
    async pause(ms: number): Promise<void> {
      if (!isAllowed || ms === 0) return
      const { promise, resolve } = Promise.withResolvers<void>()
      const timer = later(resolve, ms).unref()
      end = resolve
      await promise
      clearTimeout(timer)
    },
    endAll() {
      isAllowed = false
      end()
    },
    allow() {
      isAllowed = true
    },
  }
}
