import { defineFault } from '../model/fault.ts'
import { answerParams, answerWith, bodyParam } from './parts/answering.ts'

export const gatewayTimeout = defineFault({
  id: 'gateway-timeout',
  says: 'A gateway waits for the provider, gives up, and says so.',
  params: {
    body: bodyParam(),
    ...answerParams,
    takes: { kind: 'duration', says: 'How long the gateway waits before it gives up.', default: 60_000 },
  },
  effect: params => answerWith('gateway-timeout', params),
})
