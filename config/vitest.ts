import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { chosenLanes, LANES } from '../test/lanes.ts'
import { patiently } from '../test/patience.ts'

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    // Starts a server when the first file asks for it; pure tests ask for none.
    globalSetup: ['test/services/global-setup.ts'],
    // More than cores: servers and faults are waited for more than worked for. Fewer where a run decides: what is unsteady
    // on a crowded machine only refuses work that is sound.
    maxWorkers: process.env.CI === 'true' ? 3 : 5,
    projects: chosenLanes().map((name) => {
      const { include, exclude = [], alone = false } = LANES[name]
      return {
        extends: true,
        test: {
          name,
          include,
          exclude,
          // Pure tests leave nothing behind, so that their modules are loaded once a thread.
          pool: name === 'unit' ? 'threads' : 'forks',
          isolate: name !== 'unit',
          fileParallelism: !alone,
          // They end what hangs, so that a busy machine never meets them; what has to be fast is measured by the bench.
          testTimeout: patiently(60_000),
          hookTimeout: patiently(60_000),
          expect: { poll: { timeout: patiently(8_000) } },
          restoreMocks: true,
        },
      }
    }),
  },
})
