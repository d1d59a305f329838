import { defineFault } from '../model/fault.ts'

export const pingOnly = defineFault({
  id: 'ping-only',
  says: 'A stream opens and then carries nothing but pings.',
  params: { for: { kind: 'duration', says: 'How long only pings come; for good when absent.' } },
  streamingOnly: true,
  effect: params => {
    const forMs = params.optionalNumber('for')
    return { type: 'stall', after: { events: 1 }, pings: true, ...(forMs !== undefined && { forMs }) }
  },
})
