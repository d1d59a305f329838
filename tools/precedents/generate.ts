/** `npm run docs`: writes docs/precedents.md. */
import { writeFileSync } from 'node:fs'
import { precedentsPage } from './page.ts'

writeFileSync(new URL('../../docs/precedents.md', import.meta.url), precedentsPage())
