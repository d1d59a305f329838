import type { Json } from '../../model/scenario.ts'
import type { DrillControls } from '../controls.ts'

/** An alert of a team's own monitoring, as the drill takes it. */
export interface Alert {
  readonly title: string
  readonly status: AlertStatus
  /** What tells it from others of the same title. */
  readonly fingerprint?: string
}

export type AlertStatus = 'firing' | 'resolved'

/** What the inbound webhook takes: Alertmanager's form (version 4), or one alert in a few words. */
export type AlertsBody = AlertmanagerBody | GenericBody

interface AlertmanagerBody {
  readonly alerts: readonly AlertmanagerAlert[]
}

interface AlertmanagerAlert {
  readonly status: AlertStatus
  readonly labels?: Readonly<Record<string, unknown>>
  readonly annotations?: Readonly<Record<string, unknown>>
  readonly fingerprint?: string
}

interface GenericBody {
  readonly title: string
  readonly status: AlertStatus
}

/** What came of a webhook. */
export interface AlertsTaken {
  /** Alerts that were news: new, or in another state than before. */
  readonly alerts: number
  /** One of them set the mark `detected`. */
  readonly detected: boolean
}

const titleAtMost = 200
const unnamed = 'an alert without a name'

/** The alerts of a body. Labels and annotations are left out: they may hold anything. */
export function alertsOf(body: AlertsBody): readonly Alert[] {
  if (!('alerts' in body)) return [{ title: body.title.slice(0, titleAtMost), status: body.status }]
  return body.alerts.map(({ status, labels = {}, annotations = {}, fingerprint }) => ({
    title: (textOf(labels['alertname']) ?? textOf(annotations['summary']) ?? unnamed).slice(0, titleAtMost),
    status,
    ...(fingerprint !== undefined && { fingerprint }),
  }))
}

/**
 * Writes each alert to the journal, and sets the mark `detected` at the first that fires while the outage lasts, where
 * nobody has set it. What monitoring says again, as it does every few minutes, is written once.
 */
export function takeAlerts(controls: DrillControls, alerts: readonly Alert[]): AlertsTaken {
  const marks = controls.journal().filter(event => event.type === 'mark')
  const known = new Map<string, Json | undefined>()
  for (const { mark, detail } of marks)
    if (mark === 'alert')
      known.set(keyOf(field(detail, 'title'), field(detail, 'fingerprint')), field(detail, 'status'))
  let taken = 0
  let fires: string | undefined
  for (const { title, status, fingerprint } of alerts) {
    const key = keyOf(title, fingerprint)
    if (known.get(key) === status) continue
    known.set(key, status)
    taken++
    if (status === 'firing') fires ??= title
    const detail = { title, status, ...(fingerprint !== undefined && { fingerprint }) }
    controls.mark('alert', `${title}: ${status}`, detail)
  }
  const isFirst = fires !== undefined && !marks.some(({ mark }) => mark === 'detected')
  const detected = isFirst && controls.state().stage === 'outage'
  if (detected) controls.mark('detected', `by the alert ${fires}`)
  return { alerts: taken, detected }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function keyOf(title: Json | undefined, fingerprint: Json | undefined): string {
  return JSON.stringify([title ?? '', fingerprint ?? ''])
}

function field(detail: Json | undefined, name: string): Json | undefined {
  return typeof detail === 'object' && detail !== null && !Array.isArray(detail)
    ? (detail as Readonly<Record<string, Json>>)[name] // no list, so it has names
    : undefined
}
