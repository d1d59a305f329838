import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    // Two workers suit the two cores of a small CI machine; every file has its own process, as a run owns its globals.
    pool: 'forks',
  },
})
