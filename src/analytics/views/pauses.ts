/** Pauses that can be cut short, now and until they are allowed again. */
export function createPauses() {
  let isAllowed = true
  let end = () => {}
  return {
    async pause(ms: number): Promise<void> {
      if (!isAllowed || ms === 0) return
      const { promise, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, ms).unref()
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
