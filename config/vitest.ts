import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** Folders whose suites take longer, or need more, than anybody wants for `npm test`: `npm run test:wide` sets `wide`. */
const LANES = ['wide', 'stream']
const lane = LANES.find((name) => name === process.env.TEST_LANE)

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: [lane ? `test/${lane}/**/*.test.ts` : 'test/**/*.test.ts'],
    exclude: ['test/containers/**', ...LANES.filter((name) => name !== lane).map((name) => `test/${name}/**`)],
    // Kafka and HDFS are started by the suites that hurt them, one suite after the other.
    globalSetup: lane === 'stream' ? [] : ['test/services/global-setup.ts'],
    pool: 'forks',
    // One more than cores: tests of faults wait more than they work.
    maxWorkers: lane === 'stream' ? 1 : 3,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    restoreMocks: true,
  },
})
