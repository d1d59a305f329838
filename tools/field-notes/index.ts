/** `npm run field-notes`: runs every library through every fault of a claim and every shipped scenario, and writes docs/field-notes.md. */
import { writeFileSync } from 'node:fs'
import { claims } from './claims.ts'
import { cellOf, failedIn, scenariosFor } from './observe.ts'
import { type Failures, fieldNotesPage, type Observed } from './page.ts'
import { subjects } from './subjects.ts'

const seen: Observed['claims'][number][] = []
for (const claim of claims) {
  const cell = await cellOf(claim)
  seen.push({ claim, cell })
  if (claim.holds(cell)) continue
  process.stderr.write(
    `Does not hold: ${claim.subject}, ${claim.fault}, streamed ${claim.streamed}\n${JSON.stringify(cell)}\n`,
  )
  process.exitCode = 1
}
const failures = new Map<string, Failures>()
for (const subject of subjects) {
  const byScenario = new Map<string, readonly string[] | undefined>()
  for (const shipped of scenariosFor(subject)) byScenario.set(shipped.scenario.id, await failedIn(subject, shipped))
  failures.set(subject.name, byScenario)
  process.stdout.write(`${subject.name}: ${byScenario.size} scenarios\n`)
}
if (process.exitCode !== 1)
  writeFileSync(new URL('../../docs/field-notes.md', import.meta.url), fieldNotesPage({ claims: seen, failures }))
