/** `npm run docs`: writes docs/scenario-reference.md. */
import { writeFileSync } from 'node:fs'
import { scenarioReferencePage } from './page.ts'

writeFileSync(new URL('../../docs/scenario-reference.md', import.meta.url), scenarioReferencePage())
