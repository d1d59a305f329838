import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { PhaseLine } from '../protocol.ts'
import type { BinRows } from './bin-rows.ts'
import { Chart } from './chart.tsx'
import { memo } from './memo.ts'
import { Panel } from './panel.tsx'
import { chartsOf } from './series.ts'

const drawEveryMs = 250

/** All charts, drawn four times a second at most. */
export const Charts = memo(
  ({ bins, phases }: { readonly bins: BinRows | undefined; readonly phases: readonly PhaseLine[] }) => {
    const shown = useSlowly(bins)
    const charts = useMemo(() => shown && chartsOf(shown), [shown])
    return (
      <Panel id="charts" title="Live">
        <p class="soft small">
          The shaded stretch is where something is broken. Figures are of the newest bin, or of where you point.
        </p>
        {charts && shown ? (
          <div class="charts">
            {charts.map(chart => (
              <Chart key={chart.id} chart={chart} bins={shown} phases={phases} />
            ))}
          </div>
        ) : (
          <p>Charts begin with the first requests.</p>
        )}
      </Panel>
    )
  },
)

/** The newest value, which changes no faster than {@link drawEveryMs}. */
function useSlowly<T>(value: T): T {
  const [shown, setShown] = useState(value)
  const newest = useRef(value)
  const next = useRef(0)
  newest.current = value
  useEffect(() => {
    const wait = next.current - performance.now()
    if (wait > 0) {
      const timer = setTimeout(() => {
        next.current = performance.now() + drawEveryMs
        setShown(newest.current)
      }, wait)
      return () => clearTimeout(timer)
    }
    next.current = performance.now() + drawEveryMs
    setShown(value)
  }, [value])
  return shown
}
