import { runCampaign } from '../src/search/campaign.ts'
import { printScenario } from '../src/scenario/index.ts'
import { shipped } from '../src/arbitraries/valid.ts'
const [path = '', time = '20'] = process.argv.slice(2)
const { default: integration } = await import('../' + path)
let t = performance.now()
const c = await runCampaign({ integration, timeMs: Number(time) * 1000, onTried: x => { const n = performance.now(); console.log(x.origin, Math.round(n - t), 'ms', x.attempts, x.result.exitCode, x.result.cut ?? '', x.failed.join(), x.result.journal.length, x.result.simulatedMs); if (x.attempts > 1500) console.log(printScenario(x.scenario, shipped)); t = n }, onFound: x => console.log('FOUND', x.text) })
console.log(c.explored.frame, c.runs)
