import { roles } from '../../src/console/protocol.ts'
import { count, median } from '../support.ts'
import type { Drawn } from './pages.ts'
import type { Measured } from './show-process.ts'

interface Look {
  readonly server: Measured
  readonly pages: readonly Drawn[] | undefined
}

/** One row in one round, before and after the time that is measured. */
export interface Round {
  readonly before: Look
  readonly after: Look
}

/** A row: so many attempts a second, with or without a console. */
export interface Rounds {
  readonly perSecond: number
  readonly hasConsole: boolean
  readonly rounds: Round[]
}

/** What the console costs the process of the drill, beside the same drill without it. */
export function* serverTable(all: readonly Rounds[]): Generator<string> {
  yield* heads([
    ...[
      'attempts/s',
      'console',
      'events/s',
      'CPU',
      'of the console',
      'CPU per 1,000 events',
      'event loop late p50, p99, most',
    ],
    ...['RSS grew', 'live bytes an attempt (ratio)', 'views/s', 'view, facilitator and responder', 'sent to the desk'],
  ])
  for (const row of all) {
    const bare = all.find(other => other.perSecond === row.perSecond && !other.hasConsole)
    yield cells(serverCells(row, bare))
  }
}

function serverCells({ perSecond, hasConsole, rounds }: Rounds, bare: Rounds | undefined): readonly string[] {
  const of = (value: (round: Round) => number) => median(rounds.map(value))
  const ofBare = (value: (round: Round) => number) => median(bare?.rounds.map(value) ?? [])
  const share = of(cpuShare)
  const late = (['p50', 'p99', 'most'] as const).map(key => ms(of(({ after }) => after.server.lateMs[key])))
  const live = of(liveEach)
  const sent = (place: number, value: 'views' | 'viewBytes' | 'bytes') =>
    of(({ after }) => after.server.sent[place]?.[value] ?? Number.NaN)
  const seconds = of(({ after }) => after.server.forMs / 1_000)
  const view = (place: number) => kilobytes(sent(place, 'viewBytes') / sent(place, 'views'))
  return [
    ...[count(perSecond), hasConsole ? 'and 3 pages' : 'none'],
    count(of(({ after }) => (after.server.events / after.server.forMs) * 1_000)),
    percent(share),
    hasConsole ? percent(share - (bare ? ofBare(cpuShare) : 0)) : '',
    perSecond === 0 ? '' : ms(of(({ after }) => (after.server.cpuMs / after.server.events) * 1_000)),
    late.join(', '),
    megabytes(of(({ before, after }) => after.server.rssBytes - before.server.rssBytes)),
    perSecond === 0 ? '' : `${count(live)}${hasConsole ? ` (${(live / ofBare(liveEach)).toFixed(2)})` : ''}`,
    ...(hasConsole
      ? [
          (sent(0, 'views') / seconds).toFixed(1),
          `${view(0)}, ${view(1)}`,
          `${kilobytes(sent(0, 'bytes') / seconds)}/s`,
        ]
      : ['', '', '']),
  ]
}

/** What the pages do, beside those of the row where nothing is asked. */
export function* pageTable(all: readonly Rounds[]): Generator<string> {
  yield* heads([
    ...['attempts/s', 'page', 'frames later than 50 ms', 'frames dropped', 'longest frame', 'long tasks'],
    ...['main thread', 'heap, before and after', 'nodes, before and after'],
  ])
  for (const { perSecond, rounds } of all.filter(({ hasConsole }) => hasConsole))
    for (const [place, role] of roles.entries()) {
      const of = (when: 'before' | 'after', value: (drawn: Drawn, round: Round) => number) =>
        median(rounds.map(round => orNone(round[when].pages?.[place], round, value)))
      yield cells([
        ...[count(perSecond), role],
        percent(of('after', ({ late, frames }) => late / frames)),
        percent(of('after', ({ dropped, frames }) => dropped / (frames + dropped))),
        ms(of('after', ({ longestMs }) => longestMs)),
        String(of('after', ({ longTasks }) => longTasks)),
        percent(of('after', ({ cpuMs }, { after }) => cpuMs / after.server.forMs)),
        (['before', 'after'] as const).map(when => megabytes(of(when, ({ heapBytes }) => heapBytes))).join(', '),
        (['before', 'after'] as const).map(when => count(of(when, ({ nodes }) => nodes))).join(', '),
      ])
    }
}

function orNone(drawn: Drawn | undefined, round: Round, value: (drawn: Drawn, round: Round) => number): number {
  return drawn ? value(drawn, round) : Number.NaN
}

function cpuShare({ after }: Round): number {
  return after.server.cpuMs / after.server.forMs
}

/** Bytes that stay, by attempts: of the journal, of the drill, of the console. */
function liveEach({ before, after }: Round): number {
  return (after.server.liveBytes - before.server.liveBytes) / after.server.attempts
}

function* heads(names: readonly string[]): Generator<string> {
  yield cells(names)
  yield cells(names.map((_, i) => (i < 2 ? '---' : '---:')))
}

const cells = (texts: readonly string[]) => `| ${texts.join(' | ')} |`
const ms = (value: number) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`
const percent = (share: number) => `${(share * 100).toFixed(1)}%`
const kilobytes = (bytes: number) => `${(bytes / 1_000).toFixed(1)} KB`
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`
