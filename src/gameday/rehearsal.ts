import { formatDuration } from '../lib/duration.ts'
import { viewJournal } from '../oracles/view.ts'
import type { RunResult } from '../run/result.ts'
import type { Catalogue } from '../scenario/index.ts'
import { clockText } from './clock-text.ts'
import { cuesOf, cueText } from './cues.ts'
import { markdownTable, plain } from './markdown-text.ts'

/** The show as it went on virtual time: at each cue, what users got until the next one. */
export function rehearsal(result: RunResult, catalogue: Catalogue): string {
  const { plan, scenario, faults, findings } = result
  const view = viewJournal(result.journal)
  const cues = cuesOf(plan, catalogue)
  const times = [...new Set(cues.map(({ t }) => t))]
  const rows = times.map((t, i) => {
    const until = times[i + 1] ?? plan.lengthMs + plan.tailMs
    const started = view.tasks.filter(task => task.startMs >= t && task.startMs < until)
    const count = (is: (outcome: string | undefined) => boolean) =>
      String(started.filter(({ settled }) => is(settled?.outcome)).length)
    const here = cues
      .filter(cue => cue.t === t)
      .map(cue => (cue.kind === 'phase' ? `**${cue.phase}** ${cue.text}` : cueText(cue)))
    return [
      clockText(t),
      here.join('; '),
      String(started.length),
      count(outcome => outcome === 'ok'),
      count(outcome => outcome === 'degraded' || outcome === 'queued'),
      count(outcome => outcome !== undefined && !['ok', 'degraded', 'queued'].includes(outcome)),
      count(outcome => outcome === undefined),
    ]
  })
  const landed = faults.filter(({ status }) => status === 'landed').length
  return `${[
    `# Rehearsal: ${plain(scenario.title ?? scenario.id)}`,
    `${formatDuration(result.simulatedMs)} of the show in ${formatDuration(Math.max(1, result.wallMs))}, with ${result.client}, seed ${result.seed}. No person took part, and no fault left this process.`,
    markdownTable(['T', 'Cue', 'Asked', 'Well', 'Degraded', 'Failed', 'Never'], rows),
    `${landed} of ${faults.length} entries landed. ${result.verdict.toUpperCase()}: ${plain(result.reason)}`,
    ...(findings.length > 0
      ? [
          'What the exercise may bring to light:',
          findings.map(one => `- ${one.oracle} (${one.phase}): ${plain(one.message)}`).join('\n'),
        ]
      : []),
  ].join('\n\n')}\n`
}
