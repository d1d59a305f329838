import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { SearchSummary } from '../../src/search/summary.ts'
import { cli } from '../support/cli.ts'
import { elements, parsePage } from '../support/page.ts'

const folder = mkdtempSync(join(tmpdir(), 'blackstart-search-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const broken = ['--client', './test/support/clients/takes-what-came']
const sound = ['--client', './test/support/clients/asks-once']

interface Search {
  readonly code: number | null
  readonly stderr: string
  readonly summary: SearchSummary
  readonly corpus: string
}

let searches = 0

async function search(args: readonly string[], options: Parameters<typeof cli>[1] = {}): Promise<Search> {
  const name = join(folder, `search-${++searches}`)
  const given = args.includes('--corpus') ? [] : ['--corpus', name]
  const report = `${name}.json`
  const { code, stderr } = await cli(['search', ...args, ...given, '--report', `json=${report}`], options)
  return { code, stderr, corpus: name, summary: JSON.parse(readFileSync(report, 'utf8')) }
}

const journalOf = (fileName: string) => fileName.replace(/yaml$/, 'jsonl')
const few = ['--runs', '3']
const named = ({ found }: SearchSummary) =>
  found.map(({ oracle, place, fileName, journalHash }) => ({ oracle, place, fileName, journalHash }))

describe('a client that takes whatever came for an answer', () => {
  let first: Search

  test('fails a search, and the outage is written down at its smallest', async () => {
    first = await search([...broken, ...few, '--workers', '1', '--journals'])
    const [found] = first.summary.found

    expect({ code: first.code, verdict: first.summary.verdict }).toEqual({ code: 1, verdict: 'fail' })
    expect(found).toMatchObject({ oracle: 'truncated-is-not-success', phases: 1, confirmed: true })
    expect(first.stderr).toMatch(/found truncated-is-not-success, in 1 phase: .+\.yaml\n/)
    const files = first.summary.found.flatMap(({ fileName }) => [fileName, journalOf(fileName)])
    expect(readdirSync(first.corpus)).toEqual(files.toSorted())
  }, 60_000)

  test('keeps the journal of the smallest outage beside it, where that is asked for', () => {
    const [found] = first.summary.found
    const journal = readFileSync(join(first.corpus, journalOf(found?.fileName ?? '')))

    expect(createHash('sha256').update(journal).digest('hex')).toBe(found?.journalHash)
  })

  test('a page is made of the found file itself, which is replayed with the client that it names', async () => {
    const page = join(folder, 'found.html')
    const file = join(first.corpus, first.summary.found[0]?.fileName ?? '')
    const { code, stderr } = await cli(['report', file, '--html', page])

    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^Wrote .+found\.html \(\d+ KB\)\.\n$/) })
    expect(readFileSync(page, 'utf8')).toContain('<h3>1. truncated-is-not-success')
  })

  test('a page is made of its summary, with each outage that was found, and that outage is had from it', async () => {
    const [html, markdown] = [join(folder, 'search.html'), join(folder, 'search.md')]
    const summary = `${first.corpus}.json`
    const [pages, outage] = await Promise.all([
      cli(['report', summary, '--html', html, '--markdown', markdown]),
      cli(['report', summary, '--finding', '1', '--as', 'scenario']),
    ])
    const page = parsePage(readFileSync(html, 'utf8'))
    const heads = ['Summary', 'Found', 'Coverage', 'What happened at all']

    expect(pages.code, pages.stderr).toBe(0)
    expect(elements(page, 'h2').map(({ text }) => text)).toEqual(heads)
    expect(elements(page, 'pre').map(({ text }) => text)).toContain(first.summary.found[0]?.text.trimEnd())
    const rows = elements(page, 'tr').map(row => row.children.map(({ text }) => text))
    expect(rows).toContainEqual([
      'stream-cut',
      expect.stringMatching(/^\d+$/),
      expect.stringMatching(/^\d+ of \d+$/),
      expect.any(String),
    ])
    expect([...readFileSync(markdown, 'utf8').matchAll(/^## (.+)$/gm)].map(([, name]) => name)).toEqual(heads)
    expect(outage.stdout).toBe(first.summary.found[0]?.text)
  })

  test('a found file of another client than any that is here is not reported on, and the reason is told', async () => {
    const file = join(first.corpus, first.summary.found[0]?.fileName ?? '')
    const { code, stderr } = await cli(['report', file, '--client', './no-such-app.ts'])

    expect(code).toBe(2)
    expect(stderr).toContain('no-such-app.ts')
    expect(stderr).not.toContain('bug of blackstart')
  })

  test('fails it in the same way with any number of workers, also where a process that grew is replaced', async () => {
    const { summary } = await search([...broken, ...few, '--workers', '2'], { env: { BLACKSTART_RECYCLE_MB: '1' } })

    expect(named(summary)).toEqual(named(first.summary))
    expect(summary.tally.traces).toEqual(first.summary.tally.traces)
    expect(summary.tally.runs['random']).toBe(3)
    expect(summary.sweep).toEqual(first.summary.sweep)
    // Each process makes the healthy run and the clean one anew.
    const extra = (summary.tally.runs['sweep'] ?? 0) - (first.summary.tally.runs['sweep'] ?? 0)
    expect(extra).toBeGreaterThanOrEqual(4)
  }, 120_000)

  test('fails the found file again, in another process and to the byte; exit 1', async () => {
    const file = join(first.corpus, first.summary.found[0]?.fileName ?? '')
    const { code, stdout } = await cli(['replay', file, ...broken, '--exact'])

    expect(code).toBe(1)
    expect(stdout).toContain(
      'It still fails truncated-is-not-success. The journal is the one of the file, to the byte.',
    )
  })

  test('is not searched for what its corpus has already, which fails it again', async () => {
    const { code, summary } = await search([...broken, '--time', '8s', '--workers', '1', '--corpus', first.corpus])

    expect(code).toBe(1)
    expect(summary.found).toEqual([])
    expect(summary.corpus.map(({ status, sameJournal }) => ({ status, sameJournal }))).toEqual([
      { status: 'as-expected', sameJournal: true },
    ])
  }, 60_000)

  test('with another client the file no longer fails; exit 0', async () => {
    const file = join(first.corpus, first.summary.found[0]?.fileName ?? '')
    const { code, stdout } = await cli(['replay', file, ...sound, '--brief'])

    expect(code).toBe(0)
    expect(stdout).toContain('It no longer fails truncated-is-not-success: set `verdict: pass` in it')
  })

  test('a replay without a client takes the one that the file names', async () => {
    const { code, stdout } = await cli(['replay', first.corpus, '--exact', '--brief'])

    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: expect.stringContaining('It still fails truncated-is-not-success. The journal is the one of the file'),
    })
  })

  test('a replay without a client, of a file that names no module, says whose file it is', async () => {
    const text = readFileSync(join(first.corpus, first.summary.found[0]?.fileName ?? ''), 'utf8')
    const file = join(first.corpus, '..', 'nameless.yaml')
    writeFileSync(file, text.replace(/^ *module: .*\n/m, ''))
    const { code, stderr } = await cli(['replay', file])
    rmSync(file)

    expect(code).toBe(2)
    expect(stderr).toContain('was found with the client that calls itself "takes-what-came".')
  })

  test('in another journal the failure is there all the same, and --exact says so', async () => {
    const text = readFileSync(join(first.corpus, first.summary.found[0]?.fileName ?? ''), 'utf8')
    const file = join(folder, 'other.yaml')
    writeFileSync(file, text.replace(/journal_hash: .+/, 'journal_hash: ff').replace(/happened: .+/, 'happened: ff'))

    expect((await cli(['replay', file, ...broken])).code).toBe(1)
    expect((await cli(['replay', file, ...broken, '--exact'])).code).toBe(6)
  })
})

test('a sound client passes, and the shards of its search make one summary', async () => {
  const shards = await Promise.all(
    ['1/2', '2/2'].map(shard => search([...sound, ...few, '--workers', '1', '--shard', shard])),
  )
  const files = shards.map(({ corpus }) => `${corpus}.json`)
  const merged = join(folder, 'merged.json')
  const { code, stdout } = await cli(['merge', ...files, '--report', `json=${merged}`, '--report', 'terminal'])
  const summary: SearchSummary = JSON.parse(readFileSync(merged, 'utf8'))

  expect(shards.map(one => one.code)).toEqual([0, 0])
  expect(code).toBe(0)
  expect(summary.parts.map(({ shard }) => shard)).toEqual(['1/2', '2/2'])
  expect(summary.tally.runs['random']).toBe(3)
  expect(summary.sweep?.ran).toBe(summary.sweep?.own)
  expect(summary.proof.below).toBeCloseTo(1 - 0.05 ** (1 / summary.tally.clean))
  expect(stdout).toContain('What this proves')

  const twice = await cli(['merge', ...files, files[0] ?? ''])
  expect({ code: twice.code, stderr: twice.stderr }).toEqual({
    code: 2,
    stderr: expect.stringContaining('are both shard 1/2 of seed 1'),
  })
}, 90_000)

test('a client that never gives the event loop back is named, and its outage is written down', async () => {
  const client = ['--client', './test/support/clients/blocks-when-refused.ts']
  const { code, summary } = await search([...client, '--time', '20s', '--workers', '1'], {
    env: { BLACKSTART_BLOCKED_MS: '1500' },
  })

  expect(code).toBe(1)
  expect(summary.found.map(({ oracle }) => oracle)).toEqual(['conduct'])
  expect(summary.found[0]?.message).toContain('blocks-when-refused.ts')
  expect(summary.problems).toEqual([expect.stringContaining('was lost')])
}, 60_000)

test('an interrupted search tells what it has', async () => {
  const { code, summary } = await search([...sound, '--time', '10m', '--workers', '2'], {
    env: { BLACKSTART_PROGRESS_MS: '300' },
    interrupt: { when: ' runs  ', signal: 'SIGINT' },
  })

  expect(code).toBe(130)
  expect(summary.reason).toMatch(/^Interrupted after /)
}, 60_000)

test.concurrent.for([
  [['--time', 'soon'], '--time soon: expected a length of time.'],
  [['--shard', '3/2'], '--shard 3/2: expected which part of how many.'],
  [['--oracle', 'setles'], 'Did you mean settles?'],
  [['--scenario', 'global-dwn'], 'Did you mean global-down?'],
  [['--client', './nowhere.ts', '--runs', '0'], 'there is no such file'],
  [['--report', 'jsn'], 'Did you mean json?'],
] as const)('%j is refused with what to do', async ([args, says], { expect }) => {
  const { code, stderr } = await cli(['search', ...args, '--corpus', join(folder, 'none')])

  expect(code).toBe(2)
  expect(stderr).toContain(says)
})
