import type { Command } from '../command.ts'
import { print } from '../output.ts'

export const schema: Command = {
  name: 'schema',
  group: 'write an outage',
  says: 'print the JSON Schema of scenario files, for editors',
  usage: '',
  flags: {},
  examples: ['blackstart schema > scenario.schema.json'],
  async run() {
    const [{ scenarioSchema }, { catalogue }] = await Promise.all([
      import('../../scenario/index.ts'),
      import('../../run/catalogue.ts'),
    ])
    print(`${JSON.stringify(scenarioSchema(catalogue), null, 2)}\n`)
    return 0
  },
}
