import type { EntryLanding } from '../model/landing.ts'
import type { Finding, OracleResult } from '../oracles/oracle.ts'
import type { ExitCode, RunResult, Verdict } from './result.ts'
import type { Simulation } from './simulate.ts'

export interface Judged {
  readonly verdict: Verdict
  readonly exitCode: ExitCode
  readonly reason: string
}

/** The verdict of a run: the first of these that holds. */
export function verdictOf(
  simulation: Pick<Simulation, 'ended' | 'problem' | 'stopped' | 'notRestored'> & Partial<Pick<Simulation, 'cut'>>,
  findings: readonly Finding[],
  faults: readonly EntryLanding[],
  oracles: readonly OracleResult[],
): Judged {
  if (simulation.ended === 'interrupted') return inconclusive(130, 'Interrupted; clean-up is done.')
  if (simulation.notRestored.length > 0)
    return inconclusive(5, `Clean-up could not be verified: ${simulation.notRestored.join(', ')} not put back.`)
  if (simulation.stopped !== undefined) return inconclusive(4, `Stopped: ${simulation.stopped}`)
  if (simulation.problem !== undefined) return inconclusive(3, simulation.problem)

  const failed = findings.filter(finding => finding.severity === 'fail' && !finding.accepted)
  if (failed.length > 0) {
    const ids = [...new Set(failed.map(finding => finding.oracle))]
    return { verdict: 'fail', exitCode: 1, reason: `Failed: ${ids.join(', ')}.` }
  }
  if (simulation.cut !== undefined)
    return inconclusive(6, `Ended before its time: ${simulation.cut}. What comes after is not known.`)
  const missed = faults.filter(fault => fault.status === 'missed')
  if (missed.length > 0)
    return inconclusive(
      6,
      `Expected hits that never came: ${missed.map(fault => `${fault.id} (${fault.entry})`).join(', ')}.`,
    )
  if (!faults.some(fault => fault.status === 'landed'))
    return inconclusive(6, 'No fault, limit or queue of a provider reached the client: no outage was tested.')
  const vacuous = oracles.filter(oracle => oracle.named && oracle.status === 'vacuous')
  if (vacuous.length > 0)
    return inconclusive(
      6,
      `Expected, but there was nothing to examine: ${vacuous.map(oracle => oracle.id).join(', ')}.`,
    )
  const accepted = [...new Set(findings.filter(one => one.severity === 'fail').map(finding => finding.oracle))]
  const but = accepted.length > 0 ? `, but for what is accepted: ${accepted.join(', ')}` : ''
  return { verdict: 'pass', exitCode: 0, reason: `Every expectation held${but}.` }
}

/** Worst first: of several runs together the first match wins. */
export const exitOrder: readonly ExitCode[] = [2, 70, 130, 143, 5, 4, 3, 1, 6, 0]

/** The run that decides the exit code of all. */
export function worstResult(results: readonly RunResult[]): RunResult | undefined {
  return results.toSorted((a, b) => exitOrder.indexOf(a.exitCode) - exitOrder.indexOf(b.exitCode))[0]
}

function inconclusive(exitCode: ExitCode, reason: string): Judged {
  return { verdict: 'inconclusive', exitCode, reason }
}
