export interface Latency {
  /** In ms where the cell has a unit; as it stands where not. NaN for an empty cell. */
  readonly value: number
  readonly hasUnit: boolean
}

const scales: Readonly<Record<string, number>> = { ms: 1, s: 1000, sec: 1000, m: 60_000, us: 0.001, µs: 0.001 }

/** Reads `120`, `120ms`, `1.2s`, or nothing; `undefined` for what is none of these. */
export function parseLatency(text: string): Latency | undefined {
  const cell = text.trim()
  if (cell === '' || cell === '-' || /^(?:null|nan|none)$/i.test(cell)) return { value: Number.NaN, hasUnit: false }
  const [, amount, unit] = /^(\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+)\s*(ms|s|sec|m|us|µs)?$/i.exec(cell) ?? []
  const value = Number(amount) * (unit === undefined ? 1 : (scales[unit.toLowerCase()] ?? Number.NaN))
  return Number.isFinite(value) ? { value, hasUnit: unit !== undefined } : undefined
}
