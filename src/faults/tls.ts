import { defineFault } from '../model/fault.ts'

export const tls = defineFault({
  id: 'tls',
  says: 'The TLS handshake fails.',
  params: {},
  effect: () => ({ type: 'tls' }),
})
