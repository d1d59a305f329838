import { makeOutage } from '../src/arbitraries/outage.ts'
import { isValid, shipped } from '../src/arbitraries/valid.ts'
import { randomStream } from '../src/lib/draw.ts'
import { scenarioShape } from '../src/scenario/declaration.ts'
import { printScenario, parseScenario } from '../src/scenario/index.ts'
import { richFrame } from './unit/arbitraries/frames.ts'
const all = Array.from({ length: 300 }, (_, i) => makeOutage(richFrame, randomStream(1, i)))
const time = (name: string, f: (s: any) => unknown) => { const t = performance.now(); for (const s of all) f(s); console.log(name, ((performance.now() - t) / all.length).toFixed(2)) }
for (let k = 0; k < 2; k++) {
  time('shape', () => scenarioShape(shipped))
  time('print', s => printScenario(s, shipped))
  const texts = new Map(all.map(s => [s, printScenario(s, shipped)]))
  time('parse', s => parseScenario(texts.get(s)!, { catalogue: shipped }))
  time('valid', s => isValid(s))
}
