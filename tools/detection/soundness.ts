/**
 * `npm run detection -- --soundness [--runs N] [--client NAME[,NAME…]] [--from N]`: every sound client through N generated
 * outages, one process for each core. Whatever fails one of them is a false alarm, of an oracle or of what the client is
 * said to be; its scenario is written to `.cache/soundness/`. Exits 1 when there is any.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type SoundClient, soundFleet } from './sound-clients.ts'
import { addTallies, type Cell, runCell, type Tally } from './soundness-runs.ts'

const root = resolve(import.meta.dirname, '../..')
const chunk = 10

export interface SoundnessOptions {
  /** Outages for each client; 1,000 when absent, and a tenth of it for those that do real I/O. */
  readonly runs?: number
  readonly from?: number
  readonly clients?: readonly string[]
  readonly workers?: number
  onRow?(client: SoundClient, tally: Tally): void
}

/** What became of each client, in the order of their names. */
export async function soundness(options: SoundnessOptions = {}): Promise<ReadonlyMap<string, Tally>> {
  const { runs, from = 1, workers = availableParallelism(), onRow } = options
  const fleet = [...soundFleet.values()].filter(({ name }) => options.clients?.includes(name) ?? true)
  const cells = fleet.flatMap(client =>
    cellsOf(client, from, client.isSlow ? Math.ceil((runs ?? 1_000) / 10) : (runs ?? 1_000)),
  )
  const open = new Map(fleet.map(client => [client.name, cells.filter(cell => cell.client === client).length]))
  const tallies = new Map<string, Tally[]>(fleet.map(({ name }) => [name, []]))
  const queue = [...cells]
  const crew = Array.from({ length: Math.min(workers, queue.length) }, () =>
    employ(queue, (cell, tally) => {
      const { client } = cell
      tallies.get(client.name)?.push(tally)
      open.set(client.name, (open.get(client.name) ?? 0) - 1)
      if (open.get(client.name) === 0) onRow?.(client, addTallies(tallies.get(client.name) ?? []))
    }),
  )
  await Promise.all(crew)
  return new Map([...tallies].map(([name, all]) => [name, addTallies(all)]))
}

function cellsOf(client: SoundClient, from: number, runs: number): readonly Cell[] {
  return Array.from({ length: Math.ceil(runs / chunk) }, (_, i) => ({
    ...{ client, from: from + i * chunk },
    to: Math.min(from + (i + 1) * chunk, from + runs),
  }))
}

/** A worker does cells, one at a time, until there are no more. */
function employ(queue: Cell[], onDone: (cell: Cell, tally: Tally) => void): Promise<void> {
  const child: ChildProcess = fork(fileURLToPath(import.meta.url), [], { env: { ...process.env, SOUNDNESS: 'worker' } })
  return new Promise((done, fail) => {
    let cell: Cell | undefined
    const next = () => {
      cell = queue.shift()
      if (cell) child.send(cell)
      else child.disconnect()
    }
    child.on('message', (tally: Tally | { readonly error: string }) => {
      if ('error' in tally) child.disconnect()
      if ('error' in tally) return fail(new Error(`${cell?.client.name} from ${cell?.from} on: ${tally.error}`))
      if (cell) onDone(cell, tally)
      next()
    })
    child.on('error', fail)
    child.on('exit', code =>
      code === 0 ? done() : fail(new Error(`${cell?.client.name}: a worker ended with ${code}`)),
    )
    next()
  })
}

function work(): void {
  process.on('message', (cell: Cell) => {
    runCell(cell).then(
      tally => process.send?.(tally),
      error => process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    )
  })
}

/** The command line: prints a row for each client as it is done. */
export async function printSoundness(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      soundness: { type: 'boolean' },
      runs: { type: 'string' },
      from: { type: 'string' },
      client: { type: 'string', multiple: true },
    },
  })
  const clients = values.client?.flatMap(names => names.split(','))
  const unknown = clients?.find(name => !soundFleet.has(name))
  if (unknown !== undefined) {
    process.stderr.write(`There is no sound client ${unknown}; there are ${[...soundFleet.keys()].join(', ')}.\n`)
    return 2
  }
  process.stdout.write(`${line(['client', 'runs', 'attempts', 'inconclusive', 'accused', 'ms/run'])}\n`)
  const tallies = await soundness({
    ...(values.runs !== undefined && { runs: Number(values.runs) }),
    ...(values.from !== undefined && { from: Number(values.from) }),
    ...(clients && { clients }),
    onRow: printRow,
  })
  const all = addTallies([...tallies.values()])
  const accused = new Set(all.accusations.map(({ file }) => file)).size
  process.stdout.write(
    `${all.runs} outages, ${all.attempts} attempts, ${all.inconclusive} inconclusive, ${accused} accused\n`,
  )
  return accused > 0 ? 1 : 0
}

const widths = [22, 7, 10, 13, 8, 8]

function line(cells: readonly (string | number)[]): string {
  return cells.map((cell, i) => (i === 0 ? String(cell).padEnd(22) : String(cell).padStart(widths[i] ?? 8))).join('')
}

function printRow({ name }: SoundClient, tally: Tally): void {
  const { runs, attempts, inconclusive, accusations, warnings, ms } = tally
  const accused = new Set(accusations.map(({ outage }) => outage)).size
  process.stdout.write(`${line([name, runs, attempts, inconclusive, accused, Math.round(ms / runs)])}\n`)
  for (const { outage, oracle, message, file } of accusations)
    process.stdout.write(`    ${outage} ${oracle}: ${message} (${relative(root, file)})\n`)
  const warned = Object.entries(warnings)
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([what, outages]) => `${what} ${outages.length} (${Math.min(...outages)})`)
  if (warned.length > 0) process.stdout.write(`    warned, how often and first: ${warned.join(', ')}\n`)
}

if (process.env['SOUNDNESS'] === 'worker') work()
else if (process.argv[1] === fileURLToPath(import.meta.url))
  process.exitCode = await printSoundness(process.argv.slice(2))
