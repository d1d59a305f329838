import { relative } from 'node:path'
import { onTestFinished } from 'vitest'
import { refusal } from '../run/refusal.ts'
import type { Assessment } from '../testing/assessment.ts'
import { type FindingFilter, hasNoFindings, honoursRetryAfter, recoversWithin } from '../testing/result-assertions.ts'
import type { ScenarioSpec } from '../testing/spec.ts'
import { type SurviveOptions, survives } from '../testing/survives.ts'
import { type AnyOutageOptions, survivesAny } from '../testing/survives-any.ts'
import { type Annotated, annotateWith } from './annotation.ts'

/** As much of what Vitest gives a matcher as is used. */
interface State {
  readonly isNot: boolean
  readonly testPath?: string | undefined
  readonly task?: { readonly context: Context } & Annotated['task']
}

interface Context extends Pick<Annotated, 'annotate'> {
  readonly signal?: AbortSignal
}

interface Verdict {
  readonly pass: boolean
  message(): string
}

/** For `expect.extend`; importing `blackstart/vitest` does that already. */
export const matchers = {
  async toSurvive(
    this: State,
    client: unknown,
    scenario: ScenarioSpec,
    options: SurviveOptions = {},
  ): Promise<Verdict> {
    const assessment = await untilTestEnds(survives(client, scenario, { ...signalOf(this), ...options }))
    const { value } = assessment
    await note(this, { scenario: value.scenario.id, seed: value.seed })
    return verdict(this, assessment)
  },

  async toSurviveAnyOutage(this: State, client: unknown, options: AnyOutageOptions = {}): Promise<Verdict> {
    if (this.isNot)
      throw refusal(
        'not.toSurviveAnyOutage cannot be shown: that no outage was found proves nothing.',
        'Name the outage that breaks it: await expect(client).not.toSurvive(scenario).',
      )
    const assessment = await untilTestEnds(survivesAny(client, { ...signalOf(this), ...options }))
    await note(this, { scenario: 'any outage', seed: options.seed ?? 1 })
    return verdict(this, assessment)
  },

  toHaveNoFindings(this: State, result: unknown, filter?: FindingFilter): Verdict {
    return verdict(this, hasNoFindings(result, filter))
  },

  toRecoverWithin(this: State, result: unknown, within: string | number, surface?: string): Verdict {
    return verdict(this, recoversWithin(result, within, surface))
  },

  toHonourRetryAfter(this: State, result: unknown): Verdict {
    return verdict(this, honoursRetryAfter(result))
  },
}

/** What shows nothing fails either way. */
function verdict({ isNot, testPath }: State, { holds, isConclusive, message }: Assessment<unknown>): Verdict {
  const again = testPath === undefined ? '' : `\nagain: npx vitest run ${relative(process.cwd(), testPath)}`
  return { pass: isConclusive ? holds : isNot, message: () => `${message}${again}` }
}

function signalOf({ task }: State): { readonly signal?: AbortSignal } {
  const signal = task?.context.signal
  return signal ? { signal } : {}
}

async function note({ task }: State, seen: { readonly scenario: string; readonly seed: number }): Promise<void> {
  // A test that ran out of time takes no more notes.
  if (!task || task.context.signal?.aborted) return
  try {
    await annotateWith({ task, annotate: task.context.annotate }, seen)
  } catch (error) {
    throw refusal(
      `The run through ${seen.scenario} came to its end after its test: ${error instanceof Error ? error.message : error}`,
      'Write await before expect(…).toSurvive(…).',
    )
  }
}

/** A test that ends before its run does waits for it: the globals are the run's until then. */
function untilTestEnds<T>(run: Promise<T>): Promise<T> {
  const done = run.then(
    () => {},
    () => {},
  )
  try {
    onTestFinished(() => done)
  } catch {
    // In a concurrent test Vitest does not know which one asks.
  }
  return run
}
