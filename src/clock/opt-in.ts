/** What a Node program needs to know to take its time from a drill, see `preload.ts`. */
export interface ClockOptIn {
  /** How many times faster than real time the drill goes. */
  readonly speed: number
  /** The real moment at which both times agree, ms since the epoch; the start of the program when absent. */
  readonly fromMs?: number
  /** A file to which every process that takes part appends its pid, one a line. */
  readonly ackFile?: string
}

const names = { speed: 'BLACKSTART_SPEED', fromMs: 'BLACKSTART_CLOCK_FROM', ackFile: 'BLACKSTART_CLOCK_ACK' } as const

/** The variables that hand it to a program. */
export function clockVariables({ speed, fromMs, ackFile }: ClockOptIn): Readonly<Record<string, string>> {
  return {
    [names.speed]: String(speed),
    ...(fromMs !== undefined && { [names.fromMs]: String(fromMs) }),
    ...(ackFile !== undefined && { [names.ackFile]: ackFile }),
  }
}

/**
 * Reads them back; `undefined` where no drill has set a speed. Throws where a number is expected and something else
 * stands: at the wrong speed a program would be judged for what it did not do.
 */
export function readClockVariables(env: Readonly<Record<string, string | undefined>>): ClockOptIn | undefined {
  const speed = numberIn(env, names.speed)
  const fromMs = numberIn(env, names.fromMs)
  const ackFile = env[names.ackFile] || undefined
  if (speed === undefined) return undefined
  return { speed, ...(fromMs !== undefined && { fromMs }), ...(ackFile !== undefined && { ackFile }) }
}

function numberIn(env: Readonly<Record<string, string | undefined>>, name: string): number | undefined {
  const text = env[name]?.trim()
  if (text === undefined || text === '') return undefined
  const value = Number(text)
  if (Number.isFinite(value) && value > 0) return value
  throw new Error(`${name} is "${text}": expected a number above 0, such as 20.`)
}
