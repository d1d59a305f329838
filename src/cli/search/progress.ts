import { nativeClearInterval, nativeSetInterval } from '../../clock/native.ts'
import { count, percent, spell } from '../../reports/text.ts'
import { coverageReport } from '../../search/coverage.ts'
import { Distinct } from '../../search/distinct.ts'
import { totalRuns } from '../../search/summary.ts'
import type { TallyData } from '../../search/tally.ts'

/** How a search goes. */
export interface Going {
  readonly tally: TallyData
  readonly elapsedMs: number
  readonly timeMs: number | undefined
  readonly runs: number | undefined
  /** Oracles that failed, with the phases of the smallest outage; without them while it is made smaller. */
  readonly found: readonly { readonly oracle: string; readonly phases?: number }[]
}

/** `412 runs  1,204 attempts/s  96 behaviours  coverage 61%  found settles (1 phase)  0:42 of 1:00`. */
export function goingText({ tally, elapsedMs, timeMs, runs, found }: Going): string {
  const { reached, of } = coverageReport(tally.coverage)
  const perSecond = elapsedMs > 0 ? Math.round(tally.attempts / (elapsedMs / 1_000)) : 0
  const best = found.map(
    ({ oracle, phases }) => `${oracle} (${phases === undefined ? 'shrinking' : `${phases}-phase`})`,
  )
  const budget = [
    ...(runs === undefined ? [] : [`${count(tally.runs['random'] ?? 0)} of ${count(runs)} random`]),
    ...(timeMs !== undefined && elapsedMs > timeMs
      ? ['time is over: finishing']
      : [`${spell(Math.round(elapsedMs / 1_000) * 1_000)}${timeMs === undefined ? '' : ` of ${spell(timeMs)}`}`]),
  ]
  return [
    `${count(totalRuns(tally.runs))} runs`,
    `${count(perSecond)} attempts/s`,
    `${count(new Distinct(tally.traces.all).count)} behaviours`,
    `coverage ${of === 0 ? '-' : percent(Math.floor((reached / of) * 100) / 100)}`,
    best.length > 0 ? `found ${best.join(', ')}` : 'nothing found',
    ...budget,
  ].join('  ')
}

/** One line on stderr that follows a search: rewritten at a terminal, else written anew every ten seconds. */
export class SearchProgress implements Disposable {
  private readonly timer: NodeJS.Timeout
  private isShown = false
  private readonly stream: NodeJS.WriteStream
  private readonly going: () => Going

  constructor(stream: NodeJS.WriteStream, going: () => Going) {
    this.stream = stream
    this.going = going
    this.timer = nativeSetInterval(() => this.show(), stream.isTTY ? 500 : everyMs())
    this.timer.unref()
  }

  /** A line of its own among the progress. */
  say(text: string): void {
    this.clear()
    this.stream.write(`${text}\n`)
  }

  [Symbol.dispose](): void {
    nativeClearInterval(this.timer)
    this.clear()
  }

  private show(): void {
    const text = goingText(this.going())
    if (!this.stream.isTTY) this.stream.write(`blackstart: ${text}\n`)
    else {
      this.isShown = true
      this.stream.write(`\r\u001b[K${text.slice(0, (this.stream.columns || 80) - 1)}`)
    }
  }

  private clear(): void {
    if (this.isShown) this.stream.write('\r\u001b[K')
    this.isShown = false
  }
}

/** Real ms between two lines in a log. */
function everyMs(): number {
  const given = Number(process.env['BLACKSTART_PROGRESS_MS'])
  return given > 0 ? given : 10_000
}
