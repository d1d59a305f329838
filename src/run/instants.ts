import { formatDuration, parseDuration } from '../lib/duration.ts'
import { suggest } from '../lib/suggest.ts'
import type { Instant } from '../model/scenario.ts'
import { instantMs, type Plan, phaseAt } from '../model/timeline.ts'
import { refusal } from './refusal.ts'

const pattern = /^\s*([A-Za-z0-9][\w.#-]*?)\s*(?:([+-])\s*((?:\d+(?:\.\d+)?(?:ms|[dhms]))+)\s*)?$/

/** Ms since t = 0 of `chat-up + 5m`: a phase, `start`, `end` or `healed`, with an offset. Throws a `UsageError`. */
export function readInstant(text: string, plan: Plan): number {
  const [matched, name = '', sign, offset] = pattern.exec(text) ?? []
  const names = ['start', 'end', ...plan.phases.map(phase => phase.name)]
  const phase = name === 'healed' ? 'end' : name.replace(/#1$/, '')
  if (matched === undefined || !names.includes(phase)) {
    const near = suggest(name || text, [...names, 'healed'])
    throw refusal(
      `There is no instant "${text}" in ${plan.scenario.id}.`,
      `${near ? `Did you mean ${near}? ` : ''}An instant is a phase and an offset, such as "${names[2] ?? 'start'} + 30s"; ` +
        `phases: ${names.slice(2).join(', ')}; start and end are the scenario's own.`,
    )
  }
  const ms = parseDuration(offset ?? '0s') ?? 0
  return instantMs({ phase, offset: sign === '-' ? -ms : ms }, plan.phases, plan.lengthMs)
}

/** Ms of a duration, `30s`, or of a number of ms. Throws a `UsageError`. */
export function readDuration(value: string | number, what: string): number {
  const ms = typeof value === 'number' ? value : parseDuration(value)
  if (ms !== undefined && Number.isFinite(ms) && ms >= 0) return Math.round(ms)
  throw refusal(`Failed to ${what}: "${value}" is no length of time.`, 'Write 30s, 5m, 1h30m, or a number of ms.')
}

/** `t` as a scenario spells it. */
export function instantAt(t: number, plan: Plan): Instant {
  const phase = phaseAt(plan.phases, t)
  return phase ? { phase: phase.name, offset: t - phase.startMs } : { phase: 'end', offset: t - plan.lengthMs }
}

/** `t` for people: `blackout + 10s`, `2m before start`. */
export function sayInstant(t: number, plan: Plan): string {
  if (t < 0) return `${formatDuration(-t)} before ${plan.phases[0]?.name ?? 'start'}`
  const { phase, offset } = instantAt(t, plan)
  return offset === 0 ? phase : `${phase} + ${formatDuration(offset)}`
}
