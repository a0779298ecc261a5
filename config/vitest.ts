import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** Set by `npm run test:wide`, whose suites take longer than anybody wants to wait for `npm test`. */
const isWide = process.env.TEST_LANE === 'wide'

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: [isWide ? 'test/wide/**/*.test.ts' : 'test/**/*.test.ts'],
    exclude: ['test/containers/**', ...(isWide ? [] : ['test/wide/**'])],
    globalSetup: ['test/services/global-setup.ts'],
    pool: 'forks',
    // One more than cores: tests of faults wait more than they work.
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    restoreMocks: true,
  },
})
