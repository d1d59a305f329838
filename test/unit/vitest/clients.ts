import Anthropic from '@anthropic-ai/sdk'
import { defineIntegration } from '../../../src/index.ts'

const ask = (anthropic: Anthropic, prompt: string, signal?: AbortSignal) =>
  anthropic.messages.create(
    { model: 'claude-sonnet-5-5', max_tokens: 64, messages: [{ role: 'user', content: prompt }] },
    signal && { signal },
  )

/** Gives up in time, and says so. */
export const sound = defineIntegration<Anthropic>({
  name: 'sound',
  start: () => new Anthropic({ maxRetries: 1, timeout: 20_000 }),
  perform: (anthropic, { prompt }) => ask(anthropic, prompt, AbortSignal.timeout(45_000)),
})

/** Waits for ever, as the SDK does by itself. */
export const patient = defineIntegration<Anthropic>({
  name: 'patient',
  start: () => new Anthropic(),
  perform: (anthropic, { prompt }) => ask(anthropic, prompt),
})

/** Asks again at once, whatever it was told. */
export const hasty = defineIntegration<Anthropic>({
  name: 'hasty',
  start: () => new Anthropic({ maxRetries: 0, timeout: 20_000 }),
  async perform(anthropic, { prompt }) {
    try {
      return await ask(anthropic, prompt)
    } catch {
      return ask(anthropic, prompt)
    }
  },
})

/** Does not work at all. */
export const broken = defineIntegration({
  name: 'broken',
  perform: () => {
    throw new Error('not today')
  },
})

export const quarter = `
blackstart: 1
id: quarter
provider: anthropic
workload: { users: 6, tasks: 120 }
phases:
  - { name: down, for: 10m, faults: [{ surface: api, fault: overloaded }] }
  - { name: clear, for: 5m }
`

export const hanging = `
blackstart: 1
id: hanging
provider: anthropic
workload: { users: 6, tasks: 60 }
phases:
  - { name: silent, for: 10m, faults: [{ surface: api, fault: black-hole, share: 50% }] }
  - { name: clear, for: 5m }
`

export const limited = `
blackstart: 1
id: limited
provider: anthropic
workload: { users: 6, tasks: 120 }
phases:
  - { name: tight, for: 10m, limits: [{ surface: api, requests: 3/m, per: key, burst: 1, retry_after: { as: seconds } }] }
  - { name: clear, for: 5m }
`
