import type { ComponentChild } from 'preact'
import { useEffect, useState } from 'preact/hooks'

const tickMs = 250

export interface TickingProps {
  /** What the newest view said, ms of the scenario, and when it came, ms of `performance.now()`. */
  readonly t: number
  readonly at: number
  readonly speed: number
  /** Time stands still where the show does not run, or nobody knows whether it does. */
  readonly runs: boolean
  children(t: number): ComponentChild
}

/** Time between two views goes on at the speed of the show. */
export function Ticking({ t, at, speed, runs, children }: TickingProps) {
  const [now, setNow] = useState(at)
  useEffect(() => {
    if (!runs) return
    const timer = setInterval(() => setNow(performance.now()), tickMs)
    return () => clearInterval(timer)
  }, [runs])
  return <>{children(runs ? t + Math.max(0, now - at) * speed : t)}</>
}
