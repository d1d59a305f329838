/** `npm run docs`: writes docs/faults.md. */
import { writeFileSync } from 'node:fs'
import { faultsPage } from './page.ts'

writeFileSync(new URL('../../docs/faults.md', import.meta.url), await faultsPage())
