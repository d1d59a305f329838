import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Scenario } from '../model/scenario.ts'
import { catalogueWith } from '../run/catalogue.ts'
import type { RunResult } from '../run/result.ts'
import { formatDiagnostics, parseScenario } from '../scenario/index.ts'
import { replayText } from './confirm.ts'
import { happenedHash } from './found-file.ts'
import { versionsAtWork } from './provenance.ts'
import { failedOracles } from './try.ts'
import type { Replay, RunWith, Subject } from './types.ts'

export interface ReplayOptions extends Subject {
  readonly runWith?: RunWith
  readonly signal?: AbortSignal | undefined
  /** Leaves out files that name another client than this one. */
  readonly ownOnly?: boolean
}

/** Replays one found file: whether it is as it was, and if not, what is different. Rejects for nothing in the file. */
export async function replayFile(file: string, options: ReplayOptions): Promise<Replay> {
  const unreadable = (says: string): Replay => ({ file, oracle: '', expected: 'fail', status: 'unreadable', says })
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    return unreadable(`${basename(file)} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
  const catalogue = catalogueWith(options.runWith ?? {})
  const { scenario, diagnostics } = parseScenario(text, { catalogue, file: basename(file) })
  if (!scenario) return unreadable(formatDiagnostics(diagnostics, text))
  const { found } = scenario
  if (!found) return unreadable(`${basename(file)} has no \`found\`: run it with \`blackstart run\`.`)

  const { oracle, verdict: expected } = found
  const made = found.provenance?.['client']
  if (options.ownOnly && typeof made === 'string' && made !== options.integration.name) {
    const says = `It was found with the client ${made}; this is ${options.integration.name}.`
    return { file, oracle, expected, status: 'other-client', says }
  }
  const result = await replayText(text, options)
  return { file, oracle, expected, ...judged(scenario, result), ...sameJournal(scenario, result, options), result }
}

function judged({ found }: Scenario, result: RunResult): Pick<Replay, 'status' | 'says'> {
  const oracle = found?.oracle ?? ''
  const failed = failedOracles(result)
  const others = failed.filter(id => id !== oracle)
  const besides = others.length > 0 ? ` It fails ${others.join(', ')} besides.` : ''
  if (found?.verdict === 'pass') {
    if (failed.length > 0) return { status: 'regressed', says: `It is to hold, and fails ${failed.join(', ')} again.` }
    return result.exitCode === 0
      ? { status: 'as-expected', says: 'It holds, as it is to.' }
      : { status: 'inconclusive', says: result.reason }
  }
  if (failed.includes(oracle)) return { status: 'as-expected', says: `It still fails ${oracle}.${besides}` }
  if (result.exitCode === 0 || result.exitCode === 1) {
    const says = `It no longer fails ${oracle}: set \`verdict: pass\` in it to keep it as a regression test.${besides}`
    return { status: others.length > 0 ? 'regressed' : 'fixed', says }
  }
  return { status: 'inconclusive', says: result.reason }
}

/** Compares the journals, and says what may have made them differ. */
function sameJournal({ found }: Scenario, result: RunResult, { path }: Subject): Partial<Replay> {
  const hash = found?.journal_hash
  if (hash === undefined) return {}
  if (hash === result.journalHash) return { sameJournal: true }
  const then = found?.provenance ?? {}
  if (then['happened'] === happenedHash(result)) return { sameJournal: true }
  const changed = Object.entries(versionsAtWork(path)).flatMap(([what, now]) => {
    const before = then[what]
    if (before === undefined || JSON.stringify(before) === JSON.stringify(now)) return []
    return [`${what} was ${sayVersion(before)} and is ${sayVersion(now)}`]
  })
  const realIo = result.realIo ? ['real I/O took part'] : []
  const why = [...changed, ...realIo]
  return {
    sameJournal: false,
    difference: why.length > 0 ? why.join('; ') : 'the client itself, or something that it uses, is another than then',
  }
}

const sayVersion = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
