import { spell } from '../reports/text.ts'
import { catalogueWith } from '../run/catalogue.ts'
import { sayingAll } from '../run/refusal.ts'
import type { Campaign } from '../search/campaign.ts'
import type { RunWith } from '../search/types.ts'
import { type Assessment, demand } from './assessment.ts'
import { type ClientSpec, clientOf } from './client-of.ts'
import { findScenario, type ScenarioSpec } from './spec.ts'

export interface AnyOutageOptions extends RunWith {
  /** Outages to try; 25 when neither this nor `timeMs` is given. */
  readonly runs?: number
  /** Real time to spend, ms. What is tried then depends on the machine; `runs` does not. */
  readonly timeMs?: number
  /** 1 when absent: the same outages every time, so that a change goes red for itself alone. */
  readonly seed?: number
  /** The outage to vary; what the client assumes when absent. */
  readonly base?: ScenarioSpec
  /** Folder of found files: replayed first, and where a new one is written. `false` for none. */
  readonly corpus?: string | false
  readonly signal?: AbortSignal
}

const usualRuns = 25

/** Tries generated outages until one breaks the client, and makes that one small. Rejects with a `UsageError`. */
export function survivesAny(client: unknown, options: AnyOutageOptions = {}): Promise<Assessment<Campaign>> {
  return sayingAll(() => search(client, options))
}

async function search(client: unknown, options: AnyOutageOptions): Promise<Assessment<Campaign>> {
  const { runs, timeMs, seed = 1, base, corpus = 'blackstart-corpus', signal, ...runWith } = options
  const found = await clientOf(client)
  const frame = base === undefined ? undefined : findScenario(base, catalogueWith(options))
  // Imported late: generating outages brings a library that most tests have no use for.
  const { runCampaign } = await import('../search/campaign.ts')
  const campaign = await runCampaign({
    ...found,
    ...{ runWith, seed, findingsAtMost: 1 },
    ...(frame && { base: frame.scenario, baseFile: frame.file }),
    ...(timeMs === undefined ? { runs: runs ?? usualRuns } : { timeMs, ...(runs !== undefined && { runs }) }),
    ...(corpus !== false && { corpus }),
    ...(signal && { signal }),
  })
  return { value: campaign, ...assessed(campaign, found.integration.name, seed, signal?.aborted ?? false) }
}

/**
 * Tries generated outages on the client. Gives what was tried when it survived all of them; rejects with an
 * `AssertionError` that has the smallest outage found as YAML, and the command that replays it.
 */
export async function assertSurvivesAnyOutage(client: ClientSpec, options: AnyOutageOptions = {}): Promise<Campaign> {
  return demand(await survivesAny(client, options))
}

function assessed(
  campaign: Campaign,
  name: string,
  seed: number,
  wasCut: boolean,
): Pick<Assessment, 'holds' | 'isConclusive' | 'message'> {
  const { problem, diverged, counterexamples, corpus, runs, ms } = campaign
  const inconclusive = (why: string) => ({
    ...{ holds: false, isConclusive: false },
    message: `${name} was not searched (seed ${seed}), so nothing is shown: ${why}`,
  })
  if (problem !== undefined) return inconclusive(problem)
  if (diverged !== undefined) return inconclusive(`two clean runs of it differ: ${diverged}`)
  const failed = { holds: false, isConclusive: true }
  const known = corpus.find(
    ({ status, expected }) => status === 'regressed' || (status === 'as-expected' && expected === 'fail'),
  )
  if (known)
    return {
      ...failed,
      message: `${name} does not survive an outage that was found before: ${known.says}\n\nreplay: npx blackstart replay ${known.file}`,
    }
  const [smallest] = counterexamples
  if (smallest) {
    const { oracle, message, text, file, confirmed, diverged: parting } = smallest
    if (!confirmed || parting !== undefined)
      return inconclusive(
        `it failed ${oracle} once, and not in every replay of the same outage. ${parting ?? 'It depends on something beside its seed.'}`,
      )
    const kept = file === undefined ? 'save it, then' : `written to ${file}`
    const head = `${name} did not survive an outage that was found in ${runs} (seed ${seed}).`
    const replay = `${kept}: npx blackstart replay ${file ?? 'FILE.yaml'}`
    return { ...failed, message: `${head}\n\n✗ ${oracle}\n  ${message}\n\n${text.trimEnd()}\n\n${replay}` }
  }
  if (wasCut) return inconclusive(`it was ended after ${runs} outages. Give the test more time, or try fewer.`)
  return {
    ...{ holds: true, isConclusive: true },
    message: `${name} survived all of ${runs} outages (seed ${seed}), tried in ${spell(ms)}`,
  }
}
