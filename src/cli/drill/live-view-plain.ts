import type { DrillState } from '../../drill/controls.ts'
import { plural } from '../../reports/text.ts'
import {
  attemptsOf,
  faultsText,
  findingsCount,
  findingText,
  instantText,
  lasting,
  partTexts,
  type Tally,
  tasksOf,
  whereText,
} from './live-view-lines.ts'

/** A drill for a log: a line when a phase begins, when something is found, and now and then. */
export class PlainView {
  private phase: string | undefined
  private held = false
  private readonly found = new Set<string>()

  /** What is new since it was asked last. */
  news(state: DrillState): readonly string[] {
    const lines: string[] = []
    const phase = `${state.stage} ${state.phase}`
    if (phase !== this.phase) lines.push(beginText(state))
    else if (state.held !== this.held && state.stage === 'outage')
      lines.push(`${instantText(state)}  ${state.phase} ${state.held ? 'is held: its faults stay' : 'is released'}`)
    this.phase = phase
    this.held = state.held
    for (const finding of state.findings) {
      // Its numbers grow; it is the same finding all the same.
      const key = `${finding.oracle} ${finding.severity} ${finding.phase}`
      if (this.found.has(key)) continue
      this.found.add(key)
      lines.push(`${instantText(state)}  found ${findingText(finding)}`)
    }
    return lines
  }

  /** Where it is, and what came of it so far. */
  summary(state: DrillState): string {
    const parts = [
      whereText(state),
      said(tasksOf(state), 'task'),
      said(attemptsOf(state), 'attempt'),
      faultsText(state),
      findingsCount(state),
    ]
    return parts.filter(Boolean).join('; ')
  }
}

function beginText(state: DrillState): string {
  const { stage, t, phase, phaseEndsAt, nextPhase } = state
  if (stage !== 'outage') return whereText(state)
  const length = phaseEndsAt === undefined ? '' : `, for ${lasting(phaseEndsAt - t, state)}`
  return `${instantText(state)}  ${phase}${length}${nextPhase === undefined ? '' : `, then ${nextPhase}`}`
}

function said(tally: Tally, noun: string): string {
  const parts = partTexts(tally).map(([, text]) => text)
  return `${plural(tally.total, noun)}${parts.length === 0 ? '' : ` (${parts.join(', ')})`}`
}
