/** `npm run docs`: writes docs/oracles.md. */
import { writeFileSync } from 'node:fs'
import { oraclesPage } from './page.ts'

writeFileSync(new URL('../../docs/oracles.md', import.meta.url), oraclesPage())
