/**
 * `npm run detection [-- --client NAME…] [-- --sample]`: every broken client in the scenario of its head, one process for
 * each core. Prints who was caught by what and where there is a hole, and writes docs/detection.md. With `--client` only
 * these are run, with `--sample` the day's, and nothing is written: they are compared with what is on record.
 * `--soundness [--runs N]` runs the sound clients instead, and writes what became of them to the same page; with
 * `--client NAME` it only prints. Exits 1 on a hole.
 */
import { fork } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { judgeHead, type Row } from './cell.ts'
import { gridOf } from './grid.ts'
import { type Head, heads } from './heads.ts'
import { type Caught, headHoles, holesIn, isCaught } from './holes.ts'
import { detectionPage } from './page.ts'
import { caughtOf, type Recorded, readRecorded, writeRecorded } from './recorded.ts'
import { sampleOf } from './sample.ts'
import { soundTable } from './sound-table.ts'
import { printSoundness, soundness } from './soundness.ts'

type Reply = { readonly row: Row } | { readonly error: string }

async function lead(args: readonly string[]): Promise<number> {
  if (args.includes('--soundness'))
    return args.includes('--client') ? printSoundness(args) : recordSoundness(runsOf(args))
  const { values } = parseArgs({
    args: [...args],
    options: { client: { type: 'string', multiple: true }, sample: { type: 'boolean' } },
  })
  const all = [...heads.values()]
  const unknown = values.client?.find(name => !heads.has(name))
  if (unknown !== undefined) {
    process.stderr.write(`There is no broken client ${unknown}; there are ${[...heads.keys()].join(', ')}.\n`)
    return 2
  }
  const isWhole = !values.client && !values.sample
  const wanted = values.sample
    ? sampleOf(all, new Date())
    : all.filter(({ name }) => values.client?.includes(name) ?? true)
  const { rows, problems } = await judgeAllOf(wanted)
  const caught = caughtOf(rows)
  process.stdout.write(`\n${gridOf(caught)}\n\n`)
  if (isWhole && problems.length === 0) record({ ...readRecorded(), rows: caught.map(({ row }) => row) })
  const stale = isWhole ? [] : staleOf(rows)
  const holes = [...headHoles(all), ...problems, ...holesIn(caught), ...stale]
  for (const hole of holes) process.stdout.write(`${hole}\n`)
  process.stdout.write(`${caught.filter(isCaught).length} of ${wanted.length} caught, ${holes.length} holes\n`)
  return holes.length > 0 ? 1 : 0
}

function record(recorded: Recorded): void {
  const page = detectionPage(caughtOf(recorded.rows), recorded.soundness)
  writeRecorded(recorded)
  writeFileSync(new URL('../../docs/detection.md', import.meta.url), page)
}

/** What stands after `--runs`; a thousand when absent. */
function runsOf(args: readonly string[]): number | undefined {
  const runs = Number(args[args.indexOf('--runs') + 1])
  return args.includes('--runs') && runs > 0 ? runs : undefined
}

/** The outages of all sound clients; a thousand of each take the better part of an hour. */
async function recordSoundness(runs: number | undefined): Promise<number> {
  const tallies = await soundness({
    ...(runs !== undefined && { runs }),
    onRow: ({ name }, { runs, accusations }) =>
      process.stdout.write(`${name.padEnd(24)}${String(runs).padStart(6)}${String(accusations.length).padStart(6)}\n`),
  })
  record({ ...readRecorded(), soundness: soundTable(tallies) })
  return [...tallies.values()].some(({ accusations }) => accusations.length > 0) ? 1 : 0
}

/** Rows that are no longer what is on record. */
function staleOf(rows: readonly Row[]): readonly string[] {
  const recorded = new Map(readRecorded().rows.map(row => [row.name, row]))
  return rows
    .filter(row => JSON.stringify(row) !== JSON.stringify(recorded.get(row.name)))
    .map(({ name }) => `${name} is not on record as it is: npm run detection`)
}

function printRow({ head, row }: Caught): void {
  const told = isCaught({ head, row }) ? `${head.meant}${head.level === 'warn' ? ' (warns)' : ''}` : 'NOT CAUGHT'
  const others = row.failed.filter(oracle => oracle !== head.meant)
  const also = others.length > 0 ? `, with ${others.join(', ')}` : ''
  process.stdout.write(`${head.name.padEnd(30)} ${head.scenario.padEnd(28)} ${told}${also}\n`)
}

/** Rows of these clients, from as many processes as there are cores. */
async function judgeAllOf(wanted: readonly Head[]): Promise<{ rows: readonly Row[]; problems: readonly string[] }> {
  const queue = [...wanted]
  const rows: Row[] = []
  const problems: string[] = []
  const workers = Array.from({ length: Math.min(availableParallelism(), queue.length) }, () => {
    const env = { ...process.env, DETECTION: 'worker' }
    // What the clients print is of no interest here.
    const child = fork(fileURLToPath(import.meta.url), [], { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    return new Promise<void>((done, fail) => {
      let head: Head | undefined
      const next = () => {
        head = queue.shift()
        if (head) child.send(head)
        else child.disconnect()
      }
      child.on('message', (reply: Reply) => {
        if (head && 'row' in reply) {
          rows.push(reply.row)
          printRow({ head, row: reply.row })
        } else if (head && 'error' in reply) problems.push(`${head.name}: ${reply.error}`)
        next()
      })
      child.on('error', fail)
      child.on('exit', code => (code === 0 ? done() : fail(new Error(`${head?.name}: a worker ended with ${code}`))))
      next()
    })
  })
  await Promise.all(workers)
  return { rows, problems }
}

function work(): void {
  process.on('message', (head: Head) => {
    judgeHead(head).then(
      row => process.send?.({ row } satisfies Reply),
      error => process.send?.({ error: error instanceof Error ? error.message : String(error) } satisfies Reply),
    )
  })
}

if (process.env['DETECTION'] === 'worker') work()
else if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await lead(process.argv.slice(2))
