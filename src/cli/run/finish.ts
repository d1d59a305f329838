import { nativeEpochMs } from '../../clock/native.ts'
import { reports } from '../../reports/index.ts'
import type { Report, SeveralOptions } from '../../reports/report.ts'
import { plural } from '../../reports/text.ts'
import { worstExit } from '../../reports/worst.ts'
import { staleAccepted } from '../../run/accept.ts'
import type { LoadedConfig } from '../../run/config/load-config.ts'
import { maskData, maskSecrets } from '../mask.ts'
import { notice, print } from '../output.ts'
import { bugText } from '../tell-error.ts'
import type { Collected, Finished } from './collect.ts'
import { appendSummary, filesBelow } from './github-actions.ts'
import type { Refusal } from './messages.ts'
import type { OutFolder } from './out-folder.ts'
import type { RunRequest } from './request.ts'
import type { ReportTarget } from './targets.ts'
import { type FileToWrite, writeTogether } from './write-together.ts'

export interface FinishOptions {
  readonly config: LoadedConfig
  readonly out: OutFolder | undefined
}

/** Writes the reports that were asked for, all together, and gives the exit code. */
export function finish(request: RunRequest, collected: Collected, { config, out }: FinishOptions): number {
  const { refusal, crash, interrupted } = collected
  const parts = collected.parts.map(part => ({ ...part, document: maskData(part.document, process.env) }))
  if (refusal) {
    out?.publishRefusal(refusal.diagnostics, mask)
    return refuse(request.reports, refusal)
  }
  if (crash) {
    if (!crash.isTold) notice(bugText(crash.message, crash.stack))
    return 70
  }
  if (interrupted && parts.length < request.targets.length)
    notice(`blackstart: interrupted after ${parts.length} of ${plural(request.targets.length, 'scenario')}.`)
  const notices = interrupted ? [] : staleAccepted(config.accepted, parts.map(judged), nativeEpochMs())
  const single = request.targets.length === 1
  const common: Omit<SeveralOptions, 'color'> = { single, notices, filesBelow: filesBelow(process.env, process.cwd()) }
  if (parts.length > 0) {
    const delivered = request.reports.map((target): Delivery => {
      const color = request.color && target.file === undefined
      return { target, text: textOf(target, parts, { ...common, color }) }
    })
    deliver(delivered, () => appendedSummary(request.reports, reports.markdown, parts, { ...common, color: false }))
    out?.publish(parts, { ...common, color: false, mask })
  }
  if (request.reports.every(target => target.file !== undefined))
    for (const { document } of parts)
      notice(`${document.scenario.id}: ${document.verdict} (exit ${document.exitCode}): ${document.reason}`)
  const isTold = !single && request.reports.some(({ kind, file }) => kind === 'terminal' && file === undefined)
  if (!isTold) for (const line of notices) notice(`blackstart: ${line}`)
  return worstExit([...parts.map(part => part.document.exitCode), ...(interrupted ? [interrupted] : [])])
}

/** Says why nothing was run: to people on stderr, and in the reports that have a place for it. */
export function refuse(targets: readonly ReportTarget[], { text, diagnostics }: Refusal): 2 {
  const options = { color: false, filesBelow: filesBelow(process.env, process.cwd()) }
  const delivered = targets.flatMap((target): Delivery[] => {
    const report: Report = reports[target.kind]
    const refused = report.refused?.(diagnostics, options)
    return refused === undefined ? [] : [{ target, text: refused }]
  })
  const summary = targets.some(({ kind }) => kind === 'github') ? reports.markdown.refused(diagnostics) : undefined
  deliver(delivered, () => summary)
  notice(text)
  return 2
}

interface Delivery {
  readonly target: ReportTarget
  readonly text: string
}

function textOf({ kind }: ReportTarget, parts: readonly Finished[], options: SeveralOptions): string {
  const own = parts.map(({ document, texts }) => ({ document, text: texts[kind] ?? '' }))
  // The picture of a run is drawn where the run was; everything else comes from its document.
  return kind === 'terminal' && options.single ? (own[0]?.text ?? '') : reports[kind].several(own, options)
}

function appendedSummary(
  targets: readonly ReportTarget[],
  markdown: Report,
  parts: readonly Finished[],
  options: SeveralOptions,
): string | undefined {
  if (!targets.some(({ kind }) => kind === 'github')) return undefined
  return markdown.several(
    parts.map(({ document }) => ({ document, text: '' })),
    options,
  )
}

/** Files first and all at once; then what people look at. */
function deliver(deliveries: readonly Delivery[], summary: () => string | undefined): void {
  const files = deliveries.flatMap(({ target: { file }, text }): FileToWrite[] =>
    file === undefined ? [] : [{ file, text: mask(text) }],
  )
  writeTogether(files)
  for (const { target, text } of deliveries) if (target.file === undefined) print(mask(text))
  const page = summary()
  if (page !== undefined) appendSummary(process.env, mask(page))
}

function mask(text: string): string {
  return maskSecrets(text, process.env)
}

function judged({ document }: Finished) {
  const { scenario, verdict, findings } = document
  return { scenario: scenario.id, isConclusive: verdict !== 'inconclusive', findings }
}
