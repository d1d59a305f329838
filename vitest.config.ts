import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** What each mode runs; `npm test` is the mode `test`. */
const include: Readonly<Record<string, readonly string[]>> = {
  test: ['test/**/*.test.ts'],
  // The tests of the packed tarball need the registry and minutes; in other modes they skip themselves.
  pack: ['test/pack/**/*.test.ts'],
  // Tests that stand in the README and the guides, started by test/docs/pages.test.ts.
  pages: ['.cache/pages/**/*.test.ts'],
  // A user's tests, of which some are to fail, started by test/unit/vitest.
  samples: ['test/unit/vitest/samples/**/*.ts'],
}

export default defineConfig(({ mode }) => ({
  resolve: {
    alias: [
      { find: /^blackstart$/, replacement: new URL('src/index.ts', import.meta.url).pathname },
      { find: /^blackstart\/vitest$/, replacement: new URL('src/vitest/index.ts', import.meta.url).pathname },
    ],
  },
  test: {
    include: [...(include[mode] ?? [])],
    testTimeout: 30_000,
    // Every file has its own process, as a run owns its globals; a few more at a time than there are cores, for tests on real
    // sockets wait for real time.
    pool: 'forks',
    maxWorkers: Math.ceil(1.5 * availableParallelism()),
    // What is concurrent waits for the registry.
    maxConcurrency: 3,
    env: {
      // The sources are under test, not what was last built from them.
      BLACKSTART_FROM: 'src',
      ...(mode === 'pack' && { BLACKSTART_PACK: '1' }),
    },
  },
}))
