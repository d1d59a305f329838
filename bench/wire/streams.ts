import { ambientClock } from '../../src/clock/clock.ts'
import { quantile } from '../../src/lib/quantile.ts'
import type { Scenario } from '../../src/model/scenario.ts'
import { scenarioOf } from './answers.ts'
import { startChild } from './child.ts'
import { recordedStream } from './question.ts'
import type { ServerDeeds } from './server-process.ts'
import type { Read, StreamDeeds } from './stream-process.ts'
import { machineMs, type Watched } from './watch.ts'

const minute = 60_000

/** So many streams at once, and how fast each of them goes. */
export interface Crowd {
  readonly count: number
  readonly perSecond: number
  /** How long each stream lasts. */
  readonly forMs: number
  /** From the last one's opening to the look at memory, and from there until lateness counts: a collection stops everything. */
  readonly settleMs: number
}

export const usualCrowds: readonly Crowd[] = [
  { count: 1_000, perSecond: 1, forMs: 20_000, settleMs: 1_000 },
  { count: 1_000, perSecond: 10, forMs: 20_000, settleMs: 1_000 },
  { count: 5_000, perSecond: 1, forMs: 25_000, settleMs: 1_000 },
]

/** Many streams at once through the loopback engine: what each takes of memory, how late its events are, what fails. */
export async function* wireStreams(crowds: readonly Crowd[] = usualCrowds): AsyncGenerator<string> {
  yield 'Concurrent SSE streams of the loopback engine in real time, read by another process; late: against the script, from the arrival'
  for (const crowd of crowds) yield `  ${await streamed(crowd)}`
}

const tokenMs = 10
/** Files that are open besides the sockets of streams, about. */
const otherFiles = 100

async function streamed(crowd: Crowd): Promise<string> {
  const { count, perSecond, forMs, settleMs } = crowd
  const what = `${count.toLocaleString('en-US')} streams, ${perSecond} a second each:`.padEnd(32)
  const most = openFilesAtMost()
  if (most < count + otherFiles)
    return `${what} skipped: a process may have ${most} open files here (ulimit -Hn), and each stream needs one`
  const events = Math.round((forMs / 1_000) * perSecond)
  await using server = startChild<ServerDeeds>('./server-process.ts')
  await using reader = startChild<StreamDeeds>('./stream-process.ts')
  const opened = await server.ask('openGround', { engine: 'loopback', speed: 1, watch: true, scenario: steady(crowd) })
  if (opened.type === 'none') throw new Error(opened.says)
  const { port } = opened
  const openOverMs = Math.min(forMs / 3, 5_000)
  // What a first stream brings into memory belongs to none.
  await reader.ask('readAll', { port, count: 50, openOverMs: 100, events })
  await server.ask('events', {})
  const before = await server.ask('spent', { collect: true })
  const reading = reader.ask('readAll', { port, count, openOverMs, events })
  await ambientClock.sleep(openOverMs + settleMs)
  const during = await server.ask('spent', { collect: true })
  const fromMs = machineMs() + settleMs
  const read = await reading
  const after = await server.ask('spent', { collect: false })
  const { written, seen } = lateness(await server.ask('events', {}), read, fromMs)
  const each = (bytes: number) => `${Math.round(bytes / count / 1_024)} KiB`
  const failed = read.filter(one => one.failed !== undefined)
  return [
    what,
    `RSS ${each(during.rssBytes - before.rssBytes)} each (${each(during.liveBytes - before.liveBytes)} live)`,
    `server ${Math.round(((after.cpuMs - during.cpuMs) / written.length) * 1_000)} µs an event`,
    `written late ${spread(written)}`,
    `read late ${spread(seen)}`,
    failed.length === 0 ? 'no errors' : `${failed.length} failed: ${failed[0]?.failed}`,
  ].join('  ')
}

/** Every stream is `perSecond` events, as far apart as its tokens take to be said. */
function steady({ perSecond, forMs }: Crowd): Scenario {
  const events = Math.round((forMs / 1_000) * perSecond)
  const body = recordedStream(events, Math.round((4 * 1_000) / perSecond / tokenMs))
  const fault = { id: 'slow-tokens', params: { per_token: tokenMs } }
  return scenarioOf({
    answers: [{ response: { headers: { 'content-type': 'text/event-stream' }, body } }],
    phases: [{ name: 'steady', for: 60 * minute, faults: [{ surface: ['api'], fault }] }],
  })
}

/** How late events were that were due after `fromMs`: as they were handed to the kernel, and as the other process had them. */
function lateness(watched: readonly Watched[], read: readonly Read[], fromMs: number) {
  const written: number[] = []
  const seen: number[] = []
  for (const { number, dueMs, writtenMs } of watched)
    for (const [i, due] of dueMs.entries()) {
      if (due < fromMs) continue
      written.push((writtenMs[i] ?? Number.NaN) - due)
      seen.push((read[number]?.readMs[i] ?? Number.NaN) - due)
    }
  // What never came is told by its stream's failure.
  return { written: written.filter(Number.isFinite), seen: seen.filter(Number.isFinite) }
}

function spread(values: readonly number[]): string {
  const ms = (value: number) => `${value.toFixed(1)} ms`
  return `p50 ${ms(quantile(values, 0.5))}, p99 ${ms(quantile(values, 0.99))}, max ${ms(quantile(values, 1))}`
}

/** Node lets itself have as many as it may. */
function openFilesAtMost(): number {
  const { userLimits } = process.report.getReport() as { userLimits: { open_files: { hard: number | 'unlimited' } } } // as its docs have it
  const { hard } = userLimits.open_files
  return hard === 'unlimited' ? Number.POSITIVE_INFINITY : hard
}
