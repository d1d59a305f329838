/**
 * `npm run fleet [-- SEEDS [CLIENT…]]`: every sound client through every shipped scenario on fifty seeds, one process
 * for each core. Prints how many passed, with what was held against the others; exits 1 when any did not.
 */
import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { runPair, scenarios, soundClients } from '../test/support/fleet.ts'

interface Cell {
  readonly client: string
  readonly scenario: string
}

interface Row extends Cell {
  readonly passed: number
  readonly attempts: number
  /** `seed 7: exit 1, Failed: settles.` */
  readonly problems: readonly string[]
}

const [seeds = '50', ...named] = process.argv.slice(2)
const wanted = named.length > 0 ? named : soundClients
const cells: readonly Cell[] = wanted.flatMap(client => [...scenarios.keys()].map(scenario => ({ client, scenario })))

async function rowOf({ client, scenario }: Cell): Promise<Row> {
  const problems: string[] = []
  let attempts = 0
  for (let seed = 1; seed <= Number(seeds); seed++) {
    const { exitCode, reason, faults, journal } = await runPair(client, scenario, { seed })
    attempts += journal.filter(({ type }) => type === 'attempt-started').length
    const thin = faults.filter(({ status }) => status === 'thin').map(({ id, phase }) => `${id} thin in ${phase}`)
    if (exitCode !== 0) problems.push(`seed ${seed}: exit ${exitCode}, ${reason}`)
    else if (thin.length > 0) problems.push(`seed ${seed}: ${thin.join(', ')}`)
  }
  return { client, scenario, attempts, problems, passed: Number(seeds) - problems.length }
}

function print({ client, scenario, passed, attempts, problems }: Row): void {
  const cells = [client.padEnd(16), scenario.padEnd(26), `${passed}/${seeds}`.padStart(7), String(attempts).padStart(9)]
  process.stdout.write(`${cells.join('  ')}\n`)
  for (const problem of problems) process.stdout.write(`    ${problem}\n`)
}

/** A worker does the cells it is sent, one at a time, and answers with their rows. */
function work(): void {
  process.on('message', (cell: Cell) => {
    rowOf(cell).then(row => process.send?.(row))
  })
}

async function lead(): Promise<void> {
  process.stdout.write(
    `${'client'.padEnd(16)}  ${'scenario'.padEnd(26)}  ${'passed'.padStart(7)}  ${'attempts'.padStart(9)}\n`,
  )
  const queue = [...cells]
  const workers = Array.from({ length: Math.min(availableParallelism(), queue.length) }, () => {
    const child = fork(fileURLToPath(import.meta.url), process.argv.slice(2), {
      env: { ...process.env, FLEET: 'worker' },
    })
    return new Promise<void>((resolve, reject) => {
      const next = () => {
        const cell = queue.shift()
        if (cell) child.send(cell)
        else child.disconnect()
      }
      child.on('message', (row: Row) => {
        print(row)
        if (row.problems.length > 0) process.exitCode = 1
        next()
      })
      child.on('error', reject)
      child.on('exit', code => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))))
      next()
    })
  })
  await Promise.all(workers)
}

if (process.env['FLEET'] === 'worker') work()
else await lead()
