import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/support/longest-first.ts'

const tests = ['test/**/*.test.ts']

/** What other modes run; `npm test` is the mode `test`. */
const include: Readonly<Record<string, readonly string[]>> = {
  // The tests of the packed tarball need the registry and minutes; in other modes they skip themselves.
  pack: ['test/pack/**/*.test.ts'],
  // Tests that stand in the README and the guides, started by test/docs/pages.test.ts.
  pages: ['.cache/pages/**/*.test.ts'],
  // A user's tests, of which some are to fail, started by test/unit/vitest.
  samples: ['test/unit/vitest/samples/**/*.ts'],
}

/**
 * Folders of `test/unit/` whose files follow one another in one process, so that what they import is loaded once. The others
 * are about what a process has but one of: globals, sockets, signals, its clock.
 */
const together = [
  ...['arbitraries', 'attribution', 'faults', 'journal', 'lib', 'model', 'oracles', 'providers', 'reports', 'scenario'],
  'workload',
].map(folder => `test/unit/${folder}/**/*.test.ts`)

export default defineConfig(({ mode }) => ({
  resolve: {
    alias: [
      { find: /^blackstart$/, replacement: new URL('src/index.ts', import.meta.url).pathname },
      { find: /^blackstart\/vitest$/, replacement: new URL('src/vitest/index.ts', import.meta.url).pathname },
    ],
  },
  test: {
    ...(mode !== 'test' && { include: [...(include[mode] ?? [])] }),
    // Long enough for a machine that does much else: what many wait for is real.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A few more at a time than there are cores, for tests on real sockets wait for real time.
    pool: 'forks',
    maxWorkers: Math.ceil(1.5 * availableParallelism()),
    // What is concurrent waits for the registry.
    maxConcurrency: 3,
    sequence: { sequencer: LongestFirst },
    ...(mode === 'test' && {
      projects: [
        { extends: true, test: { name: 'alone', include: tests, exclude: together } },
        { extends: true, test: { name: 'together', include: together, isolate: false } },
      ],
    }),
    env: {
      // What Node has compiled once need not be compiled again by each of the many processes that tests start.
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(tmpdir(), 'node-compile-cache'),
      // The sources are under test, not what was last built from them.
      BLACKSTART_FROM: 'src',
      ...(mode === 'pack' && { BLACKSTART_PACK: '1' }),
    },
  },
}))
