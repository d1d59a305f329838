import { runScenario } from '../src/run/run-scenario.ts'
import { explore } from '../src/search/explore.ts'
import { makeOutage } from '../src/arbitraries/outage.ts'
import { randomStream } from '../src/lib/draw.ts'
import { printScenario } from '../src/scenario/index.ts'
import { shipped } from '../src/arbitraries/valid.ts'
const { default: integration } = await import('../fixtures/clients/lockstep-retries.ts')
for (const [users, think, len, clear] of [[90, 60_000, 300_000, 0], [90, 60_000, 300_000, 300_000], [90, 90_000, 300_000, 0]]) {
  const r = await runScenario({ integration, scenario: { blackstart: 1, id: 'x', provider: 'anthropic', workload: { users, think }, phases: [{ name: 'a', for: len, faults: [{ surface: ['api'], fault: { id: 'overloaded', params: {} } }] }, ...(clear ? [{ name: 'c', for: clear }] : [])] } as any })
  console.log(users, think, r.journal.filter(e => e.type === 'attempt-started').length, JSON.stringify(r.oracles.find(o => o.id === 'herd-at-restore')))
}
const { frame } = await explore({ integration })
let crowds = 0
for (let i = 0; i < 60; i++) { const s = makeOutage(frame, randomStream(1, 'outage', i)); if ((s.workload?.users ?? 0) > 50) { crowds++; if (crowds < 7) console.log(printScenario(s, shipped).split('\n').slice(4).join('\n')) } }
console.log(crowds)
