import { defineIntegration } from '../../../src/model/integration.ts'
import plain from './plain.ts'

let lives = 0

/** Can be started but once in a process: what it keeps at module level is spoilt then. */
export default defineIntegration({
  name: 'once-a-process',
  start() {
    if (++lives > 1) throw new Error('already started')
  },
  perform: (_, task) => plain.perform(undefined, task),
})
