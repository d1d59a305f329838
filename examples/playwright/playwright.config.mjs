import { defineConfig } from '@playwright/test'

export default defineConfig({
  testMatch: '*.spec.mjs',
  workers: 1,
  // A browser of the system's, such as Debian's; leave it out for those that Playwright downloads.
  use: { launchOptions: { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium' } },
})
