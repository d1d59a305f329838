/**
 * `node tools/detection/search.ts [SECONDS [NAME…]]`: lets the command line search for an outage that each broken client
 * fails, with no scenario to start from, and replays the file it writes in another process. Prints a line each; exits 1
 * when one was not found, or its replay is another.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const bin = join(root, 'bin/blackstart.js')
const [seconds = '60', ...names] = process.argv.slice(2)

/** Every client whose head says what it breaks, but for the one that no search in process can end. */
const clients = ['fixtures/clients', 'fixtures/clients/catalogue']
  .flatMap(folder => readdirSync(join(root, folder)).map(file => join(root, folder, file)))
  .filter(file => file.endsWith('.ts') && /^\/\/ (?:fails|warns): \S/m.test(readFileSync(file, 'utf8')))
  .filter(file => names.length === 0 || names.includes(basename(file, '.ts')))

interface Ran {
  readonly code: number
  readonly stdout: string
}

const blackstart = (args: readonly string[], cwd: string) =>
  new Promise<Ran>(done => {
    const env = { ...process.env, BLACKSTART_FROM: 'src' }
    execFile(process.execPath, [bin, ...args], { cwd, env, maxBuffer: 1e8 }, (error, stdout) =>
      done({ code: typeof error?.code === 'number' ? error.code : error ? 70 : 0, stdout }),
    )
  })

async function rowOf(client: string): Promise<{ readonly text: string; readonly isGood: boolean }> {
  const cwd = mkdtempSync(join(tmpdir(), 'blackstart-search-'))
  const name = basename(client, '.ts')
  try {
    const began = performance.now()
    await blackstart(
      [
        'search',
        '--client',
        client,
        '--time',
        `${seconds}s`,
        '--stop-after',
        '1',
        '--workers',
        '1',
        '--corpus',
        'found',
      ],
      cwd,
    )
    const tookMs = performance.now() - began
    const meant = /^\/\/ (?:fails|warns): (\S+)/m.exec(readFileSync(client, 'utf8'))?.[1] ?? ''
    const files = readdirSync(cwd).includes('found') ? readdirSync(join(cwd, 'found')) : []
    if (files.length === 0) return { text: `${name}: nothing found in ${seconds} s (meant: ${meant})`, isGood: false }
    const replays = await Promise.all(
      files.map(async file => {
        const { code } = await blackstart(['replay', join('found', file), '--client', client, '--exact'], cwd)
        return { file, code }
      }),
    )
    const told = replays.map(({ file, code }) => `${file}${code === 1 ? '' : ` REPLAY exits ${code}`}`)
    const hasMeant = files.some(file => file.startsWith(`${meant}-`)) ? '' : ` (meant: ${meant})`
    const text = `${name}: ${told.join(', ')} in ${(tookMs / 1_000).toFixed(0)} s${hasMeant}`
    return { text, isGood: replays.every(({ code }) => code === 1) }
  } finally {
    rmSync(cwd, { recursive: true, force: true })
  }
}

const queue = [...clients]
let bad = 0
async function lane(): Promise<void> {
  for (let client = queue.shift(); client !== undefined; client = queue.shift()) {
    const { text, isGood } = await rowOf(client)
    if (!isGood) bad++
    process.stdout.write(`${isGood ? 'ok ' : 'BAD'} ${text}\n`)
  }
}
await Promise.all([lane(), lane()])
process.stdout.write(`${clients.length - bad} of ${clients.length} found, written and replayed\n`)
process.exitCode = bad === 0 ? 0 : 1
