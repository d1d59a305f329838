/** `npm run docs`: writes docs/control-api.openapi.json. */
import { writeFileSync } from 'node:fs'
import { openApi } from '../../src/drill/control/openapi.ts'

writeFileSync(
  new URL('../../docs/control-api.openapi.json', import.meta.url),
  `${JSON.stringify(openApi(), null, 2)}\n`,
)
