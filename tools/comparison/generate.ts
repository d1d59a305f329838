/** `npm run docs`: writes docs/comparison.md. */
import { writeFileSync } from 'node:fs'
import { comparisonPage } from './page.ts'

writeFileSync(new URL('../../docs/comparison.md', import.meta.url), comparisonPage())
