import type { ReportOptions } from '../../reports/report.ts'
import type { Texts } from './messages.ts'
import type { RunRequest } from './request.ts'

/** The terminal report, if it was asked for; coloured only where no file gets the same text. Others need the document alone. */
export function renderTexts(request: RunRequest, render: (color: ReportOptions['color']) => string): Texts {
  const asked = request.reports.filter(report => report.kind === 'terminal')
  if (asked.length === 0) return {}
  return { terminal: render(request.color && asked.every(report => report.file === undefined)) }
}
