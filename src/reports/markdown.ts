import type { JsonFinding, JsonReport } from './json.ts'
import type { RefusedDiagnostic, RunPart, SeveralOptions } from './report.ts'
import { standingOf, tallyText, worstFirst } from './tally.ts'
import { count, plural, spell, visible } from './text.ts'

/** A page for a pull request or a job's summary: one line, a table, then what was found, worst first. */
export function markdownReport(parts: readonly RunPart[], { notices = [] }: SeveralOptions): string {
  const runs = worstFirst(
    parts.map(part => part.document),
    run => run.exitCode,
  )
  return `${[
    `### blackstart: ${tallyText(runs)}`,
    [
      '| scenario | verdict | tasks | attempts | simulated | findings |',
      '|---|---|---:|---:|---:|---|',
      ...runs.map(row),
    ].join('\n'),
    ...notices.map(notice => `> ${inline(notice)}`),
    ...runs.flatMap(sectionOf),
  ].join('\n\n')}\n`
}

/** Nothing was run: what is to be mended first. */
export function markdownRefused(diagnostics: readonly RefusedDiagnostic[]): string {
  const lines = diagnostics.map(({ file, line, column, message, hint }) => {
    const place = file === null ? '' : `\`${file}:${line}:${column}\` `
    return `- ${place}${inline(message)}${hint === undefined ? '' : ` ${inline(hint)}`}`
  })
  return `### blackstart: nothing was run\n\n${lines.join('\n')}\n`
}

const marks: Readonly<Record<JsonReport['verdict'], string>> = { pass: '✅', fail: '❌', inconclusive: '⚠️' }

function row(run: JsonReport): string {
  const ids = (standing: string) => [
    ...new Set(run.findings.filter(finding => standingOf(finding) === standing).map(({ oracle }) => oracle)),
  ]
  const named = [
    ...ids('fail'),
    ...ids('warn').map(id => `${id} (warn)`),
    ...ids('accepted').map(id => `${id} (accepted)`),
  ]
  const said = named.length > 0 ? named.join(', ') : run.verdict === 'inconclusive' ? run.reason : ''
  const cells = [
    `\`${run.scenario.id}\``,
    `${marks[run.verdict]} ${run.verdict}`,
    count(run.tasks.total),
    count(run.attempts),
    spell(run.simulatedMs),
    inline(said),
  ]
  return `| ${cells.join(' | ')} |`
}

const findingsOfARun = 20

function sectionOf(run: JsonReport): readonly string[] {
  const findings = run.findings.toSorted((a, b) => rank(a) - rank(b))
  if (findings.length === 0 && run.verdict === 'pass') return []
  const more = findings.length - findingsOfARun
  const open = run.verdict === 'pass' ? '<details>' : '<details open>'
  return [
    `${open}<summary><b>${inline(run.scenario.id)}</b>: ${inline(run.reason)}</summary>`,
    `Client ${inline(run.client)}, seed ${run.seed}.`,
    ...findings.slice(0, findingsOfARun).map(findingText),
    ...(more > 0 ? [`And ${plural(more, 'more finding')}; the JSON report has all.`] : []),
    ...(run.replay === undefined ? [] : [fenced(run.replay)]),
    '</details>',
  ]
}

const order = ['fail', 'warn', 'accepted'] as const

function rank(finding: JsonFinding): number {
  return order.indexOf(standingOf(finding))
}

function findingText(finding: JsonFinding): string {
  const { oracle, phase, message, evidence, advice, accepted } = finding
  const terms = accepted && [
    accepted.reason,
    ...(accepted.owner === undefined ? [] : [`(${accepted.owner})`]),
    ...(accepted.until === undefined ? [] : [`until ${accepted.until}`]),
  ]
  return [
    `- **${inline(oracle)}** (${standingOf(finding)}, in ${inline(phase)}): ${inline(message)}`,
    ...(evidence.length > 0 ? [`evidence: ${evidence.map(inline).join(', ')}`] : []),
    terms ? `accepted: ${inline(terms.join(' '))}` : `→ ${inline(advice)}`,
  ].join('<br>\n  ')
}

/** A block of code that its text cannot end. */
export function fenced(text: string, language = 'sh'): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${visible(text)}\n${fence}`
}

/** Text on one line of a table or a list, in which nothing is markup, a mention or a link. */
export function inline(text: string): string {
  return escaped(text).trim()
}

/** The same, but `words in backticks` stay code. */
export function inlineProse(text: string): string {
  const code = (words: string) => `\`${visible(words).replace(/\s+/g, ' ').replaceAll('|', '\\|')}\``
  return text
    .split('`')
    .map((part, i, all) => {
      if (i % 2 === 0) return escaped(part)
      // A backtick without its fellow is one.
      return i === all.length - 1 ? escaped(`\`${part}`) : code(part)
    })
    .join('')
    .trim()
}

function escaped(text: string): string {
  return visible(text)
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_[\]|<>&#~]/g, character =>
      character === '&' ? '&amp;' : character === '<' ? '&lt;' : `\\${character}`,
    )
    .replace(/@(?=\w)/g, '@\u200b')
}
