import uPlot from 'uplot'
import type { PhaseLine } from '../protocol.ts'
import type { BinRows } from './bin-rows.ts'
import type { ChartData } from './series.ts'

/** What a picture is drawn from. */
export interface PlotFacts {
  readonly chart: ChartData
  readonly bins: BinRows
  readonly phases: readonly PhaseLine[]
}

const height = 150
/** A picture that has just begun is not one broad bar. */
const fewestBins = 24
const sync = 'console'

/** A chart's picture: made anew only when its series are others. */
export class Picture {
  readonly #plot: uPlot
  #facts: PlotFacts

  constructor(host: HTMLElement, facts: PlotFacts, onPoint: (index: number | undefined) => void) {
    this.#facts = facts
    const look = getComputedStyle(host)
    const color = (name: string) => look.getPropertyValue(`--${name}`)
    const axis = { stroke: color('soft'), grid: { stroke: color('line'), width: 1 }, ticks: { show: false } }
    const { chart } = facts
    const font = '11px system-ui, sans-serif'
    this.#plot = new uPlot(
      {
        width: Math.max(120, host.clientWidth),
        height,
        legend: { show: false },
        cursor: { sync: { key: sync }, points: { show: false }, drag: { x: false, y: false } },
        scales: {
          x: { time: false, range: () => this.#span() },
          y: { range: (_plot, _min, max) => [0, chart.id === 'providers' ? 1 : max > 0 ? max * 1.08 : 1] },
        },
        axes: [
          { ...axis, font, space: 64, size: 26, values: (_plot, ticks) => ticks.map(minutesText) },
          { ...axis, font, space: 34, size: 52, values: (_plot, ticks) => ticks.map(tick => chart.text(tick)) },
        ],
        series: [
          {},
          ...drawn(chart).map(({ tone, isDashed }) =>
            chart.isStacked
              ? {
                  fill: color(tone),
                  width: 0,
                  points: { show: false },
                  ...(bars && { paths: bars }),
                }
              : { stroke: color(tone), width: 2, points: { show: false }, ...(isDashed && { dash: [5, 4] }) },
          ),
        ],
        hooks: {
          drawClear: [plot => this.#shade(plot, color('shade'))],
          setCursor: [({ cursor }) => onPoint(cursor.idx ?? undefined)],
        },
      },
      this.#data(),
      host,
    )
  }

  show(facts: PlotFacts): void {
    this.#facts = facts
    this.#plot.setData(this.#data())
  }

  resize(width: number): void {
    if (width > 0 && width !== this.#plot.width) this.#plot.setSize({ width, height })
  }

  close(): void {
    this.#plot.destroy()
  }

  #data(): uPlot.AlignedData {
    const { chart, bins } = this.#facts
    const times = bins.rows.map((_row, index) => (bins.startMs + index * bins.widthMs) / 60_000)
    return [times, ...(chart.isStacked ? stacked(chart) : chart.series.map(({ values }) => [...values]))]
  }

  /** Minutes that are shown: from the first bin to the last. */
  #span(): [number, number] {
    const { widthMs, startMs, rows } = this.#facts.bins
    return [startMs / 60_000, (startMs + Math.max(fewestBins, rows.length) * widthMs) / 60_000]
  }

  /** Behind the curves, when something was broken. */
  #shade(plot: uPlot, fill: string): void {
    const { ctx, bbox } = plot
    ctx.save()
    ctx.fillStyle = fill
    for (const { startMs, endMs, isFaulty } of this.#facts.phases) {
      if (!isFaulty) continue
      const from = Math.max(bbox.left, plot.valToPos(startMs / 60_000, 'x', true))
      const to = Math.min(bbox.left + bbox.width, plot.valToPos(endMs / 60_000, 'x', true))
      if (to > from) ctx.fillRect(from, bbox.top, to - from, bbox.height)
    }
    ctx.restore()
  }
}

const bars = uPlot.paths.bars?.({ size: [1, Number.POSITIVE_INFINITY], align: 1, gap: 0 })

/** The sum of all is drawn first, and what is below over it. */
function drawn({ series, isStacked }: ChartData): ChartData['series'] {
  return isStacked ? series.toReversed() : series
}

function stacked({ series }: ChartData): (number | null)[][] {
  const sums: (number | null)[][] = []
  for (const { values } of series) {
    const below = sums.at(-1)
    sums.push(values.map((value, at) => (value === null ? null : value + (below?.[at] ?? 0))))
  }
  return sums.toReversed()
}

function minutesText(minutes: number): string {
  const whole = Math.abs(Math.round(minutes * 60))
  const two = (n: number) => String(n).padStart(2, '0')
  const text = whole < 600 && whole % 60 !== 0 ? `${Math.floor(whole / 60)}:${two(whole % 60)}` : ''
  const hours = `${Math.floor(whole / 3_600)}:${two(Math.floor(whole / 60) % 60)}`
  return `${minutes < 0 ? '-' : ''}${text === '' ? hours : `0:${text.padStart(5, '0')}`}`
}
