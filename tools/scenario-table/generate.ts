/** `npm run docs`: writes docs/scenarios.md. */
import { writeFileSync } from 'node:fs'
import { scenariosPage } from './page.ts'

writeFileSync(new URL('../../docs/scenarios.md', import.meta.url), scenariosPage())
