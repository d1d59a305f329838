import { defineIntegration } from '../../../src/model/integration.ts'
import { send } from './asks-once.ts'

/** Waits for a better time, and lets nobody else go on meanwhile. */
export default defineIntegration({
  name: 'blocks-when-refused',
  async perform(_, { prompt }) {
    const response = await send(prompt).catch(() => undefined)
    for (; response === undefined; );
    return response.json()
  },
})
