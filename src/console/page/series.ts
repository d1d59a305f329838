import type { Bin } from '../protocol.ts'
import type { BinRows } from './bin-rows.ts'
import { numberText, shareText } from './text.ts'

/** Names of the page's colours. */
export type Tone = 'good' | 'bad' | 'amber' | 'blue' | 'violet' | 'pink' | 'grey' | 'brown' | 'teal'

export interface Series {
  readonly name: string
  readonly tone: Tone
  /** How a line is drawn, where colour alone would tell it from its neighbour. */
  readonly isDashed?: boolean
  /** By bin. */
  readonly values: readonly (number | null)[]
}

export interface ChartData {
  readonly id: string
  readonly title: string
  /** What is measured, for the table and for whoever cannot see the picture. */
  readonly says: string
  /** Bars upon each other, or lines. */
  readonly isStacked: boolean
  readonly series: readonly Series[]
  text(value: number): string
}

/** The attempts' many endings, in the few groups that a chart can show. */
const endings: readonly { readonly name: string; readonly tone: Tone; readonly of: readonly string[] }[] = [
  { name: 'ok', tone: 'good', of: ['ok'] },
  { name: 'error', tone: 'bad', of: ['error'] },
  { name: 'no connection', tone: 'violet', of: ['refused', 'dns', 'tls', 'reset', 'connect-timeout'] },
  { name: 'timeout', tone: 'amber', of: ['headers-timeout', 'body-timeout'] },
  { name: 'broken stream', tone: 'pink', of: ['cut', 'stream-error', 'garbled'] },
]
const grouped = new Set(endings.flatMap(({ of }) => of))
const providerTones: readonly Tone[] = ['blue', 'teal', 'brown', 'violet', 'pink', 'amber', 'grey']

export function chartsOf({ rows, widthMs }: BinRows): readonly ChartData[] {
  const perMinute = 60_000 / widthMs
  return [
    { ...attempts(rows), id: 'attempts' },
    {
      id: 'retries',
      title: 'Retries per call',
      says: 'retries for each call that was made',
      isStacked: false,
      series: [{ name: 'retries per call', tone: 'amber', values: rows.map(retriesPerCall) }],
      text: numberText,
    },
    {
      id: 'latency',
      title: 'Latency',
      says: 'how long tasks took that settled, in seconds',
      isStacked: false,
      series: [
        { name: 'p50', tone: 'blue', values: rows.map(({ p50Ms }) => seconds(p50Ms)) },
        { name: 'p95', tone: 'violet', isDashed: true, values: rows.map(({ p95Ms }) => seconds(p95Ms)) },
      ],
      text: value => `${numberText(value)} s`,
    },
    {
      id: 'backlog',
      title: 'Backlog',
      says: 'tasks and jobs that were open',
      isStacked: false,
      series: [{ name: 'open', tone: 'brown', values: rows.map(({ backlog }) => backlog) }],
      text: numberText,
    },
    { ...providers(rows), id: 'providers' },
    {
      id: 'limits',
      title: 'Rate limit',
      says: 'the limit in force and the requests that it turned away, both a minute',
      isStacked: false,
      series: [
        { name: 'limit in force', tone: 'teal', values: rows.map(({ limitPerMinute }) => limitPerMinute ?? null) },
        {
          name: 'turned away',
          tone: 'bad',
          isDashed: true,
          values: rows.map(({ limited }) => Math.round(limited * perMinute)),
        },
      ],
      text: value => `${numberText(value)}/min`,
    },
  ]
}

/** The newest value of a series; `undefined` before there is one. */
export function newest({ values }: Series): number | undefined {
  return values.findLast(value => value !== null) ?? undefined
}

function attempts(rows: readonly Bin[]): Omit<ChartData, 'id'> {
  const sum = (ended: Readonly<Record<string, number>>, of: readonly string[]) =>
    of.reduce((total, name) => total + (ended[name] ?? 0), 0)
  const rest = (ended: Readonly<Record<string, number>>) =>
    sum(
      ended,
      Object.keys(ended).filter(name => !grouped.has(name)),
    )
  const all = [
    ...endings.map(({ name, tone, of }) => ({ name, tone, values: rows.map(row => sum(row.attempts, of)) })),
    { name: 'other', tone: 'grey' as const, values: rows.map(row => rest(row.attempts)) },
  ]
  return {
    title: 'Attempts by outcome',
    says: 'attempts that ended, by how they ended',
    isStacked: true,
    series: all.filter(({ name, values }) => name === 'ok' || values.some(value => value > 0)),
    text: numberText,
  }
}

function providers(rows: readonly Bin[]): Omit<ChartData, 'id'> {
  const names = [...new Set(rows.flatMap(row => Object.keys(row.providers)))].toSorted()
  const totals = rows.map(row => Object.values(row.providers).reduce((total, count) => total + count, 0))
  return {
    title: 'Share by provider',
    says: 'share of attempts that each provider was asked',
    isStacked: true,
    series: names.map((name, index) => ({
      name,
      tone: providerTones[index % providerTones.length] ?? 'grey',
      values: rows.map((row, at) => {
        const total = totals[at] ?? 0
        return total === 0 ? null : (row.providers[name] ?? 0) / total
      }),
    })),
    text: shareText,
  }
}

function retriesPerCall({ calls, retries }: Bin): number | null {
  return calls === 0 ? null : retries / calls
}

function seconds(ms: number | undefined): number | null {
  return ms === undefined ? null : ms / 1_000
}
