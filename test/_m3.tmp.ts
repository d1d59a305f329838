import { readdirSync, readFileSync } from 'node:fs'
import { runCampaign } from '../src/search/campaign.ts'
const [time = '60', ...only] = process.argv.slice(2)
const rows: string[] = []
for (const dir of ['', 'catalogue/', 'sound/']) {
  let files: string[] = []
  try { files = readdirSync('fixtures/clients/' + dir).filter(f => f.endsWith('.ts') && !f.startsWith('blocked')) } catch {}
  for (const f of files) {
    const name = f.replace('.ts', '')
    if (only.length > 0 && !only.includes(name)) continue
    const text = readFileSync(`fixtures/clients/${dir}${f}`, 'utf8')
    const expected = /^\/\/ fails: (\S+)/m.exec(text)?.[1]
    const warns = /^\/\/ warns: (\S+)/m.exec(text)?.[1]
    if (only.length === 0 && !expected) continue
    const path = `../fixtures/clients/${dir}${f}`
    const { default: integration } = await import(path)
    const stop = new AbortController()
    const cpu = process.cpuUsage(); const used = () => { const u = process.cpuUsage(cpu); return (u.user + u.system) / 1000 }; const start = 0; let expectedRun = 0; let n = 0; let shrinkCpu = 0; let at = 0
    let found = ''
    let firstAt = 0
    try {
      const c = await runCampaign({ integration, timeMs: 3_600_000, onTried: () => { n++; if (used() > Number(time) * 1000) stop.abort() }, signal: stop.signal, path: `/work/main/fixtures/clients/${dir}${f}`,
        onShrinking: o => { if (o === expected) firstAt = used() },
        onFound: x => { found += ` ${x.oracle}[${x.scenario.phases.length}ph ${x.shrinkMs}ms ${x.runs}r ${x.confirmed ? '' : 'UNCONFIRMED'} ${x.diverged ?? ''}]`;  shrinkCpu = used() - firstAt; if (x.oracle === expected) { expectedRun = n; stop.abort() } } })
      console.log(`${name.padEnd(30)} ${expected ?? '(' + (warns ?? 'sound') + ')'} first=${(firstAt / 1000).toFixed(1)}s total=${((used()) / 1000).toFixed(1)}s runs=${c.runs} att=${c.attempts} ${c.problem ?? ''} ${c.diverged ?? ''} ${expectedRun ? 'FOUND@' + expectedRun : expected ? 'NOT FOUND' : ''} passing=${c.passing} |${found}`)
    } catch (e) { console.log(name, 'THREW', e) }
  }
}
