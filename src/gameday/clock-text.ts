/** Time since the outage began as a run-of-show has it: `T+0:09`, `T-0:02`, with seconds where there are some. */
export function clockText(ms: number): string {
  const all = Math.round(Math.abs(ms) / 1_000)
  const two = (n: number) => String(n).padStart(2, '0')
  const seconds = all % 60
  const text = `${Math.floor(all / 3_600)}:${two(Math.floor(all / 60) % 60)}${seconds === 0 ? '' : `:${two(seconds)}`}`
  return `T${ms < 0 ? '-' : '+'}${text}`
}
