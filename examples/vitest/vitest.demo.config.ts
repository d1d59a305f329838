import { defineConfig } from 'vitest/config'

// A test that fails as it should, to see what that looks like: npm run demo.
export default defineConfig({ test: { include: ['demo/**/*.test.ts'], testTimeout: 30_000 } })
