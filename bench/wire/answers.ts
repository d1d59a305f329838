import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Scenario } from '../../src/model/scenario.ts'
import { type Child, startChild } from './child.ts'
import type { LoadDeeds } from './load-process.ts'
import { recordedMessage } from './question.ts'
import type { BareSpec, GroundSpec, Opened, ServerDeeds } from './server-process.ts'
import { compared, type Row, type Size, takeTurns, usualSize } from './turns.ts'

const minute = 60_000

/** Fast enough that what a provider thinks, seconds at most, takes less than a timer can. */
export const atOnce = 1_000_000

export function scenarioOf(more: Partial<Scenario>): Scenario {
  return { blackstart: 1, id: 'bench', provider: 'anthropic', phases: [{ name: 'quiet', for: minute }], ...more }
}

/** Every answer is the same, as it was recorded. */
export const recorded = scenarioOf({ answers: [{ response: { body: recordedMessage } }] })

/** Whole answers of the loopback engine beside those of a bare `node:http` server. Aim: at least 0.8 of its requests. */
export async function* wireAnswers(size: Size = usualSize): AsyncGenerator<string> {
  const { rounds, connections } = size
  const folder = mkdtempSync(join(tmpdir(), 'blackstart-bench-'))
  const down = scenarioOf({
    phases: [
      {
        name: 'down',
        for: atOnce * 1_000 * minute,
        faults: [{ surface: ['api'], fault: { id: 'overloaded', params: {} } }],
      },
    ],
  })
  const grounds: readonly { what: string; spec: Partial<GroundSpec>; status?: number }[] = [
    { what: 'recorded answer', spec: {} },
    { what: 'recorded, journal in a file', spec: { journal: join(folder, 'journal.jsonl') } },
    { what: 'answer made up by the provider', spec: { scenario: scenarioOf({}) } },
    { what: 'overloaded, by a fault', spec: { scenario: down }, status: 529 },
  ]
  yield `Whole answers over loopback beside a bare node:http that parses the JSON and sends the same bytes: ${connections} connections of another process, then one alone; ${rounds} rounds, taking turns`
  await using all = new AsyncDisposableStack()
  try {
    const servers = grounds.map(async ({ what, spec, status = 200 }): Promise<Row> => {
      const server = all.use(startChild<ServerDeeds>('./server-process.ts'))
      const opened = await server.ask('openGround', { engine: 'loopback', scenario: recorded, speed: atOnce, ...spec })
      return { what, server, status, port: portOf(opened) }
    })
    const rows = await Promise.all(servers)
    const bare = all.use(startChild<ServerDeeds>('./server-process.ts'))
    const port = portOf(await bare.ask('openBare', await sameBytes(rows[0]?.port ?? 0)))
    yield* compared(await takeTurns([{ what: 'bare node:http', server: bare, status: 200, port }, ...rows], size))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What a server answers, to be answered by another. */
async function sameBytes(port: number): Promise<BareSpec> {
  await using load: Child<LoadDeeds> = startChild('./load-process.ts')
  return await load.ask('fetchOne', { port })
}

function portOf(opened: Opened): number {
  if (opened.type === 'none') throw new Error(opened.says)
  return opened.port
}
