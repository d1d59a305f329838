// Run by itself: prints the journal of one run with the seed it is given.
import { journalLines, runScenario } from '../../../../src/index.ts'
import { jittery, rough } from './jittery.ts'

const result = await runScenario({
  scenario: rough,
  integration: jittery,
  users: 3,
  thinkMs: 5_000,
  seed: Number(process.argv[2]),
})
for (const line of journalLines(result.journal)) process.stdout.write(line)
