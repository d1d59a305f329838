import { asksModel, succeeded } from './attempts.ts'
import { byPhase, evidenceOf, sayCount } from './finding.ts'
import { defineOracle } from './oracle.ts'
import type { AttemptRecord, TaskRecord } from './view.ts'
import { nameOf } from './who-answers.ts'

const advice =
  'Without its tools a model makes up what it should have looked up, and without the schema the code behind it gets prose to parse. Build ' +
  'the request of every provider from one description of the call (tools, schema, limits), test each translation, and where a ' +
  'substitute cannot do what is asked, let the task end as degraded and not as done.'

/** A substitute that answers another question is no substitute. */
export const contractPreserved = defineOracle({
  id: 'contract-preserved',
  code: 'F5',
  says: 'A substitute is asked for the same thing: with the tools and the schema that the first was asked with.',
  kind: 'safety',
  byDefault: true,
  params: {},
  notes: {
    needs: 'the wire',
    judges:
      'A request for tools or JSON of a schema that failed, and the next good answer of the same task, from another model or provider. It ' +
      'must have been asked for tools or a schema too, unless the task owns to less (`degraded`, `queued` or `failed`).',
    vacuous: 'no request for tools or a schema fell over to another model or provider',
    source: 'No tolerance. Fewer tools are no offence, nor a tool in the place of a schema.',
    change: advice,
  },
  judge(view) {
    const switches = view.tasks.flatMap(switchesOf)
    const cases = switches.flatMap(({ task, from, to }) =>
      to.call.started.asks || ownsToLess(task)
        ? []
        : [{ id: to.id, phase: to.started.phase, weight: -to.startMs, from, to }],
    )
    return {
      examined: switches.length,
      ...(switches.length === 0 && {
        vacuous: 'no request for tools or a schema fell over to another model or provider',
      }),
      findings: byPhase(cases).map(group => {
        const [{ from, to, phase }] = group
        const { tools, schema } = from.call.started.asks ?? {}
        const lost = [...(tools === undefined ? [] : [sayCount(tools, 'tool')]), ...(schema ? ['its schema'] : [])]
        return {
          severity: 'fail' as const,
          phase,
          message:
            `${sayCount(group.length, 'task')} got the answer to another request: ${nameOf(from)} was asked with ${lost.join(' and ')} ` +
            `(${from.id}), ${nameOf(to)} without`,
          evidence: evidenceOf(group),
          advice,
        }
      }),
    }
  },
})

interface Switch {
  readonly task: TaskRecord
  readonly from: AttemptRecord
  readonly to: AttemptRecord
}

/** From each failed request that asked for more than words to the first good answer after it, where that is another's. */
function switchesOf(task: TaskRecord): readonly Switch[] {
  const switches: Switch[] = []
  let from: AttemptRecord | undefined
  for (const attempt of task.attempts) {
    if (!asksModel(attempt)) continue
    if (!succeeded(attempt)) {
      if (attempt.call.started.asks) from ??= attempt
      continue
    }
    if (from && nameOf(from) !== nameOf(attempt)) switches.push({ task, from, to: attempt })
    from = undefined
  }
  return switches
}

function ownsToLess({ settled }: TaskRecord): boolean {
  return settled === undefined || settled.outcome !== 'ok'
}
