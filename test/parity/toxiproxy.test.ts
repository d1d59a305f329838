import { afterAll, beforeAll, describe } from 'vitest'
import { onToxiproxy } from '../support/parity/engines.ts'
import { holdsParity } from '../support/parity/suite.ts'
import { realServer } from '../unit/engines/toxiproxy/support.ts'

const { server, name } = await realServer()

describe.skipIf(!server)(name, () => {
  const { TOXIPROXY_URL: before } = process.env

  // One server for all: each scenario has proxies of its own.
  beforeAll(() => {
    if (server) process.env['TOXIPROXY_URL'] = server.url
  })
  afterAll(async () => {
    if (before === undefined) delete process.env['TOXIPROXY_URL']
    else process.env['TOXIPROXY_URL'] = before
    await server?.[Symbol.asyncDispose]()
  })

  holdsParity('toxiproxy', onToxiproxy)
})
