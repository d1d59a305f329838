import { defineIntegration } from 'blackstart'
import { type Answer, Assistant } from './src/assistant.ts'

// How the assistant starts, and how it is asked something. `npx blackstart run --client ./outage-client.ts` takes it, too.
export default defineIntegration<Assistant>({
  name: 'assistant',
  start: () => new Assistant(),
  perform: (assistant, { prompt }) => assistant.answer(prompt),
  settle: ({ text, from }: Answer) =>
    from === 'live'
      ? { outcome: 'ok', source: 'live', text }
      : { outcome: 'degraded', source: 'cache', text, labelled: true },
})
