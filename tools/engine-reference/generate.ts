/** `npm run docs`: writes docs/engines.md. */
import { writeFileSync } from 'node:fs'
import { enginesPage } from './page.ts'

writeFileSync(new URL('../../docs/engines.md', import.meta.url), enginesPage())
