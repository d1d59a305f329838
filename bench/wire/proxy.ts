import { atOnce, recorded } from './answers.ts'
import { type Child, startChild } from './child.ts'
import type { GroundSpec, ServerDeeds } from './server-process.ts'
import { compared, type Row, type Size, takeTurns, usualSize } from './turns.ts'

/** The loopback engine reached through a real Toxiproxy, as a drill on that engine is, beside the direct way. */
export async function* wireProxy(size: Size = usualSize): AsyncGenerator<string> {
  yield `Whole answers through a real Toxiproxy without toxics, beside the direct way: ${size.connections} connections of another process, then one alone; ${size.rounds} rounds, taking turns`
  const rows: Row[] = []
  await using all = new AsyncDisposableStack()
  const engines: readonly (readonly [GroundSpec['engine'], string])[] = [
    ['loopback', 'app → server'],
    ['toxiproxy', 'app → Toxiproxy → server'],
  ]
  for (const [engine, what] of engines) {
    const server: Child<ServerDeeds> = all.use(startChild('./server-process.ts'))
    const opened = await server.ask('openGround', { engine, scenario: recorded, speed: atOnce })
    if (opened.type === 'none') {
      yield `  skipped: ${opened.says}`
      return
    }
    all.defer(() => server.ask('close', {}))
    rows.push({ what, server, status: 200, port: opened.port })
  }
  yield* compared(await takeTurns(rows, size))
}
