import type { Frame, UsedSurface } from '../../../src/arbitraries/frame.ts'

const surface = (name: string, kind: UsedSurface['kind'], more: Partial<UsedSurface> = {}): UsedSurface => ({
  ...{ name, provider: name.slice(0, name.indexOf('.')), kind, streams: true, plain: true, everyday: true },
  models: kind === 'model' ? ['large', 'small'] : [],
  ...more,
})

/** An app with everything that an outage can befall: two providers, a service of its own, a status page. */
export const richFrame: Frame = {
  app: {
    provider: 'anthropic',
    surfaces: { tickets: { http: { host: 'tickets.example' } } },
    workload: { jobs: { share: 0.5 } },
    expect: [{ oracle: 'order' }],
  },
  surfaces: [
    surface('anthropic.api.messages', 'model'),
    surface('http.tickets', 'own'),
    surface('anthropic.status', 'status'),
    surface('openai.api.chat-completions', 'model', { everyday: false }),
  ],
  attemptsPerTask: 2,
  jobs: true,
  sessions: false,
}

/** An app that asks for messages and nothing else. */
export const plainFrame: Frame = {
  ...richFrame,
  app: { provider: 'anthropic' },
  surfaces: [surface('anthropic.api.messages', 'model')],
  attemptsPerTask: 1,
  jobs: false,
}
