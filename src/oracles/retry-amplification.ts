import { outageStretches, type Plan, type Span } from '../model/timeline.ts'
import { isExcused, succeeded, surfaceOf, wasPatient } from './attempts.ts'
import { basePhase, evidenceOf, sayCount, sayMs } from './finding.ts'
import { defineOracle, type Judgement, type Severity } from './oracle.ts'
import type { AttemptRecord, CallRecord, JournalView } from './view.ts'

/** What a client adds to the load of a provider that is already failing. */
export const retryAmplification = defineOracle({
  id: 'retry-amplification',
  code: 'A2',
  says: 'In an outage a client sends few attempts for each call it wants answered.',
  kind: 'safety',
  byDefault: true,
  params: {
    // The SDK's two retries make three attempts in a total outage. That passes, with a warning; a second retry layer
    // multiplies it.
    fail_above: { kind: 'number', says: 'attempts per call that fail the run', default: 3, min: 1 },
    warn_above: { kind: 'number', says: 'attempts per call that are worth a warning', default: 2, min: 1 },
  },
  notes: {
    needs: 'the wire',
    judges:
      'For each surface and each stretch of faults or limits on it: attempts for each call that made one. Not ' +
      'counted: what waited as long as `retry-after` asked, what came 30 s or more after the last failure, and the ' +
      'first try of another key after a 401, 403 or 429. What is asked again on the heels of a patient try counts ' +
      'together with it, as a call of its own.',
    vacuous: 'no call failed while a fault or limit was in force',
    source:
      'The SDKs’ two retries make three attempts in a total outage, which passes with a warning; budgets of 10 or ' +
      '20 % (the SRE book, Finagle) keep near one.',
    change:
      'Keep one layer of retries (`maxRetries: 0` below your own), and stop asking while it fails: a circuit ' +
      'breaker, or a budget of one retry for every ten calls.',
  },
  judge(view, params, plan) {
    const loads = loadsOf(view, plan)
    const calls = new Set(loads.flatMap(load => [...load.units.values()].map(({ call }) => call)))
    if (calls.size === 0) return vacuous('no call was made while a fault or limit was in force on its surface')
    if (!loads.some(({ failures }) => failures > 0))
      return vacuous('no call failed while a fault or limit was in force')
    const severityOf = (ratio: number): Severity | undefined =>
      ratio > params.number('fail_above') ? 'fail' : ratio > params.number('warn_above') ? 'warn' : undefined
    const found = new Map<string, Found>()
    for (const load of loads) {
      const severity = severityOf(load.ratio)
      if (!severity) continue
      const key = `${load.surface} ${basePhase(view.phaseAt(load.span.startMs))}`
      const before = found.get(key)
      const worst = before && before.load.ratio >= load.ratio ? before : { load, severity }
      found.set(key, { load: worst.load, severity: worst.severity, stretches: (before?.stretches ?? 0) + 1 })
    }
    return { examined: calls.size, findings: [...found.values()].map(findingOf) }
  },
})

interface Unit {
  readonly call: CallRecord
  readonly first: AttemptRecord
  counted: number
}

/** What one surface got in one stretch of its outage. */
interface Load {
  readonly surface: string
  readonly span: Span
  readonly units: Map<string, Unit>
  excused: number
  failures: number
  ratio: number
}

interface Found {
  readonly load: Load
  readonly severity: Severity
  readonly stretches: number
}

const vacuous = (reason: string): Judgement => ({ examined: 0, vacuous: reason, findings: [] })

function loadsOf(view: JournalView, plan: Plan): readonly Load[] {
  const bySurface = new Map<string, readonly Load[]>()
  const loadsFor = (surface: string) => {
    const known = bySurface.get(surface)
    if (known) return known
    const loads = outageStretches(plan, surface).map(span => ({
      ...{ surface, span, units: new Map<string, Unit>() },
      ...{ excused: 0, failures: 0, ratio: 0 },
    }))
    bySurface.set(surface, loads)
    return loads
  }
  for (const call of view.calls) addCall(call, loadsFor)
  const loads = [...bySurface.values()].flat().filter(({ units }) => units.size > 0)
  for (const load of loads) {
    const counted = [...load.units.values()].reduce((sum, unit) => sum + unit.counted, 0)
    load.ratio = counted / load.units.size
  }
  return loads
}

function addCall(call: CallRecord, loadsFor: (surface: string) => readonly Load[]): void {
  const previous = new Map<string, AttemptRecord>()
  const keys = new Set<string>()
  // A patient worker's next try, by unit: nothing by itself, but what follows on its heels is a retry of it.
  const patient = new Map<string, AttemptRecord>()
  for (const attempt of call.attempts) {
    const surface = surfaceOf(attempt)
    // A fallback to another provider or model is a call of its own: it asks somebody else.
    const unitKey = `${call.id} ${surface} ${attempt.started.model ?? ''}`
    const before = previous.get(unitKey)
    previous.set(unitKey, attempt)
    const isNewKey = !keys.has(`${unitKey} ${attempt.started.key}`)
    keys.add(`${unitKey} ${attempt.started.key}`)
    const load = loadsFor(surface).find(({ span }) => attempt.startMs >= span.startMs && attempt.startMs < span.endMs)
    if (!load) continue
    if (!succeeded(attempt)) load.failures++
    if (before && wasPatient(before, attempt)) patient.set(unitKey, attempt)
    const begun = patient.get(unitKey)
    const burstKey = begun ? `${unitKey} ${begun.id}` : unitKey
    const unit = load.units.get(burstKey) ?? { call, first: begun ?? attempt, counted: 0 }
    const isCounted = !before || !isExcused(before, attempt, isNewKey)
    if (!isCounted) load.excused++
    else if (begun && unit.counted === 0) {
      unit.counted = 2
      load.excused--
    } else unit.counted++
    if (isCounted || !begun) load.units.set(burstKey, unit)
  }
}

function findingOf({ load, severity, stretches }: Found) {
  const units = [...load.units.values()]
  const cases = units.map(({ call, first, counted }) => ({ id: call.id, phase: first.started.phase, weight: counted }))
  const worst = units.reduce((a, b) => (b.counted > a.counted ? b : a))
  const attempts = units.reduce((sum, unit) => sum + unit.counted, 0)
  const { startMs, endMs } = load.span
  const also = stretches > 1 ? `; ${sayCount(stretches - 1, 'other stretch', 'other stretches')} like it` : ''
  const excused = load.excused > 0 ? `, ${load.excused} not counted: they waited as told, or long` : ''
  return {
    severity,
    phase: worst.first.started.phase,
    message:
      `${Math.round(load.ratio * 100) / 100} attempts for each call to ${load.surface} in its outage from ${sayMs(startMs)} to ` +
      `${sayMs(endMs)} (${sayCount(attempts, 'attempt')} of ${sayCount(units.length, 'call')}${excused}); ` +
      `${worst.call.id} alone made ${worst.counted}${also}`,
    evidence: evidenceOf(cases),
    advice: severity === 'fail' ? layersAdvice : budgetAdvice,
  } as const
}

const layersAdvice =
  'Retries multiply the load on a provider that is down, and keep it down when it tries to come back. Look for retry ' +
  'layers inside each other: the SDK already makes three attempts (`maxRetries: 2`), so a p-retry, a loop or a job ' +
  'queue around it multiplies them. Keep one layer: `maxRetries: 0` under your own, or none of your own. Then stop ' +
  'asking while it fails: a circuit breaker, or a budget of one retry for every ten calls.'

const budgetAdvice =
  'Each call is sent again and again while the provider fails, so an outage multiplies your traffic. This is what the ' +
  'SDK does by itself (`maxRetries: 2`). A circuit breaker that opens after a few failures, `maxRetries: 1`, or a ' +
  'budget of one retry for every ten calls brings it down and costs nothing on good days.'
