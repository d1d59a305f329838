import type { Accepted } from '../model/accepted.ts'
import type { Finding } from '../oracles/oracle.ts'
import type { OracleResult } from '../run/result.ts'
import type { Paint } from './paint.ts'
import { count, plural, wrap } from './text.ts'

const lineWidth = 100
const findingsShown = 12

/** Findings worst first, each with its evidence and what to change. */
export function findingLines(findings: readonly Finding[], paint: Paint): string[] {
  const lines = findings
    .toSorted((a, b) => Number(a.accepted !== undefined) - Number(b.accepted !== undefined))
    .slice(0, findingsShown)
    .flatMap((finding, i) => [...(i > 0 ? [''] : []), ...oneFinding(finding, paint)])
  const more = findings.length - findingsShown
  return more > 0 ? [...lines, '', `and ${plural(more, 'more finding')}; --report json has all`] : lines
}

function oneFinding(finding: Finding, paint: Paint): string[] {
  if (finding.accepted) return acceptedFinding(finding, finding.accepted, paint)
  const [mark, style] = finding.severity === 'fail' ? (['✗', 'red'] as const) : (['!', 'yellow'] as const)
  const head = `${mark} ${finding.oracle}`
  return [
    `${paint(style, head)} ${paint('dim', `(${finding.severity}, in ${finding.phase})`)}`,
    ...wrap(finding.message, { width: lineWidth, indent: '  ' }),
    ...(finding.evidence.length > 0
      ? wrap(`evidence: ${finding.evidence.join(', ')}`, { width: lineWidth, indent: '  ' }).map(l => paint('dim', l))
      : []),
    ...wrap(`→ ${finding.advice}`, { width: lineWidth, indent: '  ' }),
  ]
}

/** What is known is told without its advice: whoever accepted it has read that. */
function acceptedFinding(finding: Finding, { reason, owner, until }: Accepted, paint: Paint): string[] {
  const terms = [reason, owner && `(${owner})`, until && `until ${until}`].filter(Boolean).join(' ')
  return [
    `${paint('cyan', `~ ${finding.oracle}`)} ${paint('dim', `(accepted ${finding.severity}, in ${finding.phase})`)}`,
    ...wrap(finding.message, { width: lineWidth, indent: '  ' }),
    ...wrap(`accepted: ${terms}`, { width: lineWidth, indent: '  ' }),
  ]
}

/** Which oracles held, and which looked at nothing. Those with findings stand above already. */
export function oracleLines(oracles: readonly OracleResult[], paint: Paint): string[] {
  const held = oracles.filter(oracle => oracle.status === 'pass')
  const vacuous = oracles.filter(oracle => oracle.status === 'vacuous')
  return [
    ...(held.length > 0
      ? wrap(`held: ${held.map(o => `${o.id} (${count(o.examined)})`).join(', ')}`, { width: lineWidth }).map(line =>
          paint('green', line),
        )
      : []),
    ...vacuousLines(vacuous, paint),
  ]
}

const vacuousWithReason = 3
/** More names than these tell a reader nothing. */
const vacuousNamed = 40

/** What looked at nothing: with its reason where the scenario asked for it, or where there are but a few. */
function vacuousLines(vacuous: readonly OracleResult[], paint: Paint): string[] {
  // What a drill cannot judge has one reason for all.
  const untimed = vacuous.filter(({ reason }) => reason?.startsWith('not judged at this speed'))
  const others = vacuous.filter(result => !untimed.includes(result))
  const unasked = others.filter(({ named }) => !named)
  const told = unasked.length > vacuousWithReason ? others.filter(({ named }) => named) : others
  const rest = unasked.length > vacuousWithReason ? unasked : []
  return [
    ...told.flatMap(({ id, reason, named }) =>
      wrap(`vacuous: ${id}${reason ? `, ${reason}` : ''}${named ? ' (expected by the scenario)' : ''}`, {
        width: lineWidth,
      }).map(line => paint(named ? 'yellow' : 'dim', line)),
    ),
    ...(rest.length > 0 ? wrap(nothingToJudge(rest), { width: lineWidth }).map(line => paint('dim', line)) : []),
    ...(untimed.length > 0
      ? wrap(`${untimed[0]?.reason}: ${untimed.map(({ id }) => id).join(', ')}`, { width: lineWidth }).map(line =>
          paint('dim', line),
        )
      : []),
  ]
}

function nothingToJudge(rest: readonly OracleResult[]): string {
  if (rest.length > vacuousNamed)
    return `nothing to judge: ${rest.length} checks (--report json names them and says why)`
  return `nothing to judge: ${rest.map(({ id }) => id).join(', ')} (--report json says why)`
}
