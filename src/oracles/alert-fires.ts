import type { Mark } from '../journal/event.ts'
import type { Json } from '../model/scenario.ts'
import { sayCount, sayMs } from './finding.ts'
import { defineOracle, vacuous } from './oracle.ts'
import type { JournalView } from './view.ts'

const advice =
  'An outage that nobody is told of lasts as long as somebody’s patience. Alert on what users feel, the share of their tasks that end ' +
  'badly over a few minutes, and not on the provider’s status page or on a class of error alone; and see that the rule’s `for`, the ' +
  'scrape interval and `group_wait` add up to less than the time that you have promised.'

/** Of a drill with monitoring behind it, which sends its alerts to the control API. */
export const alertFires = defineOracle({
  id: 'alert-fires',
  code: 'T11',
  says: 'The team’s own alert fires soon after the provider has begun to fail.',
  kind: 'liveness',
  byDefault: false,
  params: {
    within: { kind: 'duration', says: 'time from the first request that was hit', default: 300_000, min: 1 },
    title: { kind: 'text', says: 'a part of the alert’s title; any alert when not said', default: '' },
  },
  notes: {
    needs: 'the wire, and a drill whose control API gets the alerts (`POST /v1/alerts`)',
    judges:
      'Time from the first request that a fault hit, or the first task that failed where a closed port hides them, to the first alert that ' +
      'fires after it. One that fired before and never was resolved tells nothing new, and does not count.',
    vacuous: 'a simulation, no request that was hit, or a drill that ended before the time was over',
    source: 'Five minutes is what a rule over a few minutes needs, with its scrapes and the wait for its group.',
    change: advice,
  },
  judge(view, params) {
    if (view.engine === 'msw') return vacuous('alerts reach drills alone')
    const onset = onsetOf(view)
    if (!onset) return vacuous('no request was hit by a fault')
    const withinMs = params.number('within')
    const title = params.text('title') ?? ''
    const marks = view.marks.filter(({ mark }) => mark === 'alert')
    const isOurs = (alert: Mark) => isFiring(alert) && titleOf(alert).includes(title)
    const first = marks.find(alert => isOurs(alert) && alert.t >= onset.t)
    if (first && first.t - onset.t <= withinMs) return { examined: 1, findings: [] }
    if (!first && view.endMs - onset.t < withinMs)
      return vacuous(`the drill ended ${sayMs(view.endMs - onset.t)} after the first request that was hit`)
    const said = first
      ? `the first, “${titleOf(first)}”, came ${sayMs(first.t - onset.t)} after it`
      : `none came${othersText(marks, onset.t)}`
    const which = title === '' ? 'alert' : `alert with “${title}” in its title`
    return {
      examined: 1,
      findings: [
        {
          severity: 'fail',
          phase: view.phaseAt(onset.t),
          message: `no ${which} fired within ${sayMs(withinMs)} of ${onset.id}: ${said}`,
          evidence: [onset.id],
          advice,
        },
      ],
    }
  },
})

/** When the app first felt it. */
function onsetOf({ attempts, tasks }: JournalView): { readonly id: string; readonly t: number } | undefined {
  const hit = attempts.find(({ started }) => started.entry !== undefined)
  if (hit) return { id: hit.id, t: hit.startMs }
  const failed = tasks.find(({ settled }) => settled?.outcome === 'failed')
  return failed && { id: failed.id, t: failed.startMs }
}

function othersText(alerts: readonly Mark[], onsetMs: number): string {
  const early = alerts.filter(alert => alert.t < onsetMs && isFiring(alert))
  const late = alerts.filter(alert => alert.t >= onsetMs && isFiring(alert))
  return [
    late.length > 0 && `; ${sayCount(late.length, 'other alert')} did, “${titleOf(late[0])}” first`,
    early.length > 0 && `; “${titleOf(early.at(-1))}” had fired ${sayMs(onsetMs - (early.at(-1)?.t ?? 0))} before`,
  ]
    .filter(Boolean)
    .join('')
}

function isFiring({ detail }: Mark): boolean {
  return fieldOf(detail, 'status') === 'firing'
}

function titleOf(alert: Mark | undefined): string {
  return String(fieldOf(alert?.detail, 'title') ?? alert?.says ?? '')
}

function fieldOf(detail: Json | undefined, name: string): unknown {
  return typeof detail === 'object' && detail !== null ? Reflect.get(detail, name) : undefined
}
