import { shownPath } from '../../clients/find-client.ts'
import { compilePlan } from '../../model/timeline.ts'
import { jsonReport } from '../../reports/json.ts'
import { terminalReport } from '../../reports/terminal.ts'
import { catalogueOf } from '../../run/config/apply-config.ts'
import type { LoadedConfig } from '../../run/config/load-config.ts'
import type { RunResult } from '../../run/result.ts'
import { readScenarioFile, variantsOf } from '../../scenario/index.ts'
import type { Finished } from './collect.ts'
import type { Explanation } from './explain-ending.ts'
import type { Beat } from './messages.ts'
import { renderTexts } from './render-texts.ts'
import { type RunRequest, replayWords } from './request.ts'

export interface CutShort {
  readonly request: RunRequest
  readonly config: LoadedConfig
  readonly beat: Beat
  readonly why: Exclude<Explanation, { by: 'blackstart' }>
  readonly wallMs: number
}

/** A run that ended without a result of its own, told from its last sign of life. */
export function cutShort({ request, config, beat, why, wallMs }: CutShort): Finished | undefined {
  const catalogue = catalogueOf(config)
  const target = request.targets[beat.index]
  const whole = target && readScenarioFile(target.path, { catalogue }).scenario
  if (!whole) return undefined
  const scenario = variantsOf(whole, catalogue).variants[target.variant ?? -1]?.scenario ?? whole
  const plan = compilePlan(scenario, catalogue.faults)
  const result: RunResult = {
    scenario,
    file: shownPath(target.path, process.cwd()),
    plan,
    client: beat.client,
    seed: beat.seed,
    engine: 'msw',
    ...judged(why),
    realIo: false,
    simulatedMs: beat.doing === 'running' ? plan.warmUpMs + beat.t : 0,
    wallMs,
    journal: [],
    journalHash: '',
    faults: [],
    notices: ['The run was cut short: its journal is lost, and no other oracle could judge it.'],
  }
  const replay = replayWords(request, target, beat.seed)
  const texts = renderTexts(request, color => terminalReport(result, { color, replay }))
  return { index: beat.index, document: jsonReport(result, { replay }), texts }
}

function judged(why: CutShort['why']): Pick<RunResult, 'verdict' | 'exitCode' | 'reason' | 'oracles' | 'findings'> {
  if (why.by === 'outside') {
    const reason = `${why.reason} Clean-up could not be verified.`
    return { verdict: 'inconclusive', exitCode: 5, reason, oracles: [], findings: [] }
  }
  const findings = [why.finding]
  const conduct = { id: 'conduct', status: 'fail', examined: 1, named: false, findings } as const
  return { verdict: 'fail', exitCode: 1, reason: 'Failed: conduct.', oracles: [conduct], findings }
}
