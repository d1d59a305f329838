import { afterAll, describe } from 'vitest'
import { holdsStagedParity } from '../support/parity/staged.ts'
import { realServer } from '../unit/engines/toxiproxy/support.ts'

const { server, name } = await realServer()
// The drill starts one of its own.
afterAll(() => server?.[Symbol.asyncDispose]())

describe.skipIf(!server)(name, () => {
  holdsStagedParity('toxiproxy')
})
