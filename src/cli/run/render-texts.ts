import type { ReportKind } from '../../reports/index.ts'
import type { Texts } from './messages.ts'
import type { RunRequest } from './request.ts'

/** Each report kind that was asked for, as `render` writes it; colour only where no file gets the same text. */
export function renderTexts(request: RunRequest, render: (kind: ReportKind, color: boolean) => string): Texts {
  const texts: Partial<Record<ReportKind, string>> = {}
  const inFiles = request.reports.filter(report => report.file !== undefined).map(report => report.kind)
  for (const { kind } of request.reports) texts[kind] = render(kind, request.color && !inFiles.includes(kind))
  return texts
}
