import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // A whole scenario takes a second or a few; a moment of one takes a tenth of that.
    testTimeout: 30_000,
  },
})
