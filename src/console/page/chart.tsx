import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { memo } from './memo.ts'
import { Picture, type PlotFacts } from './plot.ts'
import { type ChartData, newest } from './series.ts'
import { tickText } from './text.ts'

/** A chart: its picture, its newest values in words, and all of them in a table for whoever asks. */
export function Chart({ chart, bins, phases }: PlotFacts) {
  const [point, setPoint] = useState<number>()
  const [isTabled, setTabled] = useState(false)
  return (
    <figure class="chart" id={`chart-${chart.id}`} aria-labelledby={`chart-${chart.id}-title`}>
      <figcaption>
        <h3 id={`chart-${chart.id}-title`}>{chart.title}</h3>
        <Legend chart={chart} point={point} at={point && bins.startMs + point * bins.widthMs} />
      </figcaption>
      <Plot chart={chart} bins={bins} phases={phases} onPoint={setPoint} />
      <details onToggle={event => setTabled(event.currentTarget.open)}>
        <summary>
          Table<span class="unseen"> of {chart.title.toLowerCase()}</span>
        </summary>
        {isTabled && <Table chart={chart} bins={bins} />}
      </details>
    </figure>
  )
}

function Legend({ chart, point, at }: { chart: ChartData; point: number | undefined; at: number | undefined }) {
  return (
    <ul class="legend">
      {chart.series.map(series => {
        const value = point === undefined ? newest(series) : (series.values[point] ?? undefined)
        return (
          <li key={series.name}>
            <i class={`swatch c-${series.tone} ${series.isDashed ? 'dashed' : ''}`} aria-hidden="true" />
            {series.name} <b>{value === undefined ? 'none yet' : chart.text(value)}</b>
          </li>
        )
      })}
      {at !== undefined && <li class="soft">{tickText(at)}</li>}
    </ul>
  )
}

interface PlotProps extends PlotFacts {
  onPoint(index: number | undefined): void
}

const Plot = memo(({ chart, bins, phases, onPoint }: PlotProps) => {
  const host = useRef<HTMLDivElement>(null)
  const picture = useRef<Picture | undefined>(undefined)
  const facts: PlotFacts = { chart, bins, phases }
  const look = useLook()
  // Made anew for other series or colours alone.
  const names = chart.series.map(({ name }) => name).join('\n')
  useLayoutEffect(() => {
    if (!host.current) return
    const made = new Picture(host.current, facts, onPoint)
    picture.current = made
    const observer = new ResizeObserver(([entry]) => entry && made.resize(Math.floor(entry.contentRect.width)))
    observer.observe(host.current)
    return () => {
      observer.disconnect()
      made.close()
    }
  }, [names, look])
  useEffect(() => picture.current?.show(facts), [chart, bins, phases])
  return (
    <div class="plot" ref={host} role="img" aria-label={`${chart.title}: ${chart.says}. The table has all values.`} />
  )
})

/** Another value when the reader turns to dark or to light. */
function useLook(): boolean {
  const [query] = useState(() => matchMedia('(prefers-color-scheme: dark)'))
  const [isDark, setDark] = useState(query.matches)
  useEffect(() => {
    const listener = () => setDark(query.matches)
    query.addEventListener('change', listener)
    return () => query.removeEventListener('change', listener)
  }, [query])
  return isDark
}

function Table({ chart, bins }: Pick<PlotFacts, 'chart' | 'bins'>) {
  const rows = bins.rows.map((_row, index) => index).toReversed()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section class="scroll tall" tabIndex={0} aria-label={`Table of ${chart.title.toLowerCase()}`}>
      <table>
        <caption>Newest first: {chart.says}</caption>
        <thead>
          <tr>
            <th scope="col">from</th>
            {chart.series.map(({ name }) => (
              <th scope="col" class="n" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(index => (
            <Row
              key={index}
              time={tickText(bins.startMs + index * bins.widthMs)}
              cells={chart.series.map(({ values }) => textAt(chart, values[index])).join('\n')}
            />
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** Its cells are one text, so that a row that did not change is not drawn again. */
const Row = memo(({ time, cells }: { readonly time: string; readonly cells: string }) => (
  <tr>
    <th scope="row">{time}</th>
    {cells.split('\n').map((cell, index) => (
      <td class="n" key={index}>
        {cell}
      </td>
    ))}
  </tr>
))

function textAt(chart: ChartData, value: number | null | undefined): string {
  return typeof value === 'number' ? chart.text(value) : '–'
}
