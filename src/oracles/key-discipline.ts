import { succeeded } from './attempts.ts'
import { byPhase, evidenceOf, sayCount } from './finding.ts'
import { defineOracle } from './oracle.ts'
import type { SideEffect } from './view.ts'

const advice =
  'An idempotency key made anew for each attempt protects from nothing, and one used for two different changes loses the second. Make the ' +
  'key where the change is decided (from the task and the `tool_use` id, say), before the loop that retries, and store it with the task, so ' +
  'that a restarted process uses it again.'

/** Two mistakes with the same key: a name for each try, or one name for two things. */
export const keyDiscipline = defineOracle({
  id: 'key-discipline',
  code: 'I2',
  says: 'A change keeps its idempotency key through all retries, and shares it with no other.',
  kind: 'safety',
  byDefault: true,
  params: {},
  notes: {
    needs: 'the wire, with the app’s own services declared under `surfaces:`',
    judges:
      'Requests with an `idempotency-key`: a request sent again unchanged, after the try before it was not confirmed, must carry the same ' +
      'key; and the same key must not come with another request at the same surface.',
    vacuous: 'no request with a key was sent again, and no key was used twice',
    source: 'No tolerance: it is what the key is for.',
    change: advice,
  },
  judge(view) {
    const named = view.sideEffects.filter(({ event }) => event.named)
    const renamed = repeats(named)
    const shared = reuses(named)
    const cases = [
      ...renamed.filter(({ before, after }) => before.event.key !== after.event.key).map(caseOf('renamed')),
      ...shared.filter(({ before, after }) => isOther(before, after)).map(caseOf('shared')),
    ]
    const examined = new Set([...renamed, ...shared].map(({ after }) => after)).size
    return {
      examined,
      ...(examined === 0 && { vacuous: 'no request with a key was sent again, and no key was used twice' }),
      findings: byPhase(cases).map(group => {
        const [{ id, phase, what, before }] = group
        const how =
          what === 'renamed' ? 'repeated the request under a new key' : 'used the same key for another request'
        return {
          severity: 'fail' as const,
          phase,
          message: `${sayCount(group.length, 'request')} broke the rule of the idempotency key; ${id} ${how} after ${before.attempt.id}`,
          evidence: evidenceOf(group),
          advice,
        }
      }),
    }

    function caseOf(what: 'renamed' | 'shared') {
      return ({ before, after }: Pair) => ({
        ...{ id: after.attempt.id, phase: view.phaseAt(after.event.t), weight: -after.event.t },
        ...{ what, before },
      })
    }
  },
})

interface Pair {
  readonly before: SideEffect
  readonly after: SideEffect
}

/** The same request of the same task, sent again because nobody knew what had become of it. */
function repeats(effects: readonly SideEffect[]): readonly Pair[] {
  return [...Map.groupBy(effects, ({ attempt }) => attempt.call).values()]
    .flatMap(pairsOf)
    .filter(({ before }) => !succeeded(before.attempt))
}

function reuses(effects: readonly SideEffect[]): readonly Pair[] {
  return [...Map.groupBy(effects, ({ event }) => `${event.surface} ${event.key}`).values()].flatMap(pairsOf)
}

const pairsOf = (effects: readonly SideEffect[]): readonly Pair[] =>
  effects.slice(1).flatMap((after, i) => {
    const before = effects[i]
    return before ? [{ before, after }] : []
  })

/** Another body: two things under one name, of which the second is never done. */
function isOther({ attempt: a }: SideEffect, { attempt: b }: SideEffect): boolean {
  return a.started.bodyHash !== b.started.bodyHash
}
