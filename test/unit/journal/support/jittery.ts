import { defineIntegration } from '../../../../src/index.ts'
import { messagesBody, messagesHeaders, messagesUrl, scenario } from '../../run/support.ts'

/** Chance everywhere: in the faults, in the answers, and in what the app itself draws. */
export const rough = scenario(
  '{ name: down, for: 2m, faults: [{ surface: api, fault: overloaded, share: 50% }] }',
  '{ name: slow, for: 2m, faults: [{ surface: api, fault: brownout }] }',
)

/** A client that draws its own chance: it waits for a random while before each of its retries, and names its jobs at random. */
export const jittery = defineIntegration({
  name: 'jittery',
  async perform(_, { prompt }) {
    for (let attempt = 1; ; attempt++) {
      const response = await fetch(messagesUrl, {
        method: 'POST',
        headers: messagesHeaders(),
        body: messagesBody(prompt),
      })
      if (response.ok || attempt === 5) return response
      await new Promise(go => setTimeout(go, 1_000 + Math.random() * 4_000))
    }
  },
  settle: () => ({ outcome: 'ok', jobId: crypto.randomUUID() }),
})
