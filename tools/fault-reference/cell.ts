import { errorChain } from './error-chain.ts'
import type { Observation } from './observe.ts'

/** What became of a call, in a few words. `good` is the same call with nothing wrong. */
export function outcomeCell(seen: Observation, good: Observation): string {
  if (seen.attempts === 0) return '—'
  const late = seen.settled !== 'pending' && seen.tookMs >= 10_000 ? `, after ${Math.round(seen.tookMs / 1_000)} s` : ''
  return `${outcome(seen, good)}${late}${seen.unhandled ? ', and an unhandled rejection' : ''}`
}

function outcome({ settled, error, got, state }: Observation, good: Observation): string {
  const hasText = got.text !== undefined && got.text !== ''
  switch (settled) {
    case 'pending':
      return `hangs > 10 min${hasText ? ', after text' : ''}`
    case 'threw':
      return `${errorText(error)}${hasText ? ', after text' : ''}`
    case 'returned': {
      const text = returned(got.text, state, good)
      const tells = (state === 'complete' || state === 'truncated') && got.finish !== good.got.finish
      const finish = tells ? ` (finish: ${got.finish ?? 'none'})` : ''
      if (got.told === undefined) return `${text}${finish}`
      return `tells onError ${errorText(got.told)}${text === 'returns no text' ? '' : `; ${text}`}`
    }
  }
}

function returned(text: string | undefined, state: Observation['state'], good: Observation): string {
  switch (state) {
    case 'complete':
      return text === good.got.text ? 'ok' : 'returns text with a gap'
    case 'truncated':
      return 'returns truncated text'
    case 'empty':
      return 'returns no text'
    case 'foreign':
      return "returns another question's answer"
    case 'none':
      return 'returns undefined'
    case 'unmarked':
      return 'returns the page as a string'
  }
}

/** `InternalServerError 529`, `APIConnectionError ← ECONNREFUSED`: the class that is caught, and what tells it best. */
function errorText(error: unknown): string {
  const [thrown, ...causes] = errorChain(error)
  if (!thrown) return String(error)
  const type = thrown.type === 'object' ? `a plain object${typeOf(error)}` : thrown.type
  const status = thrown.status === undefined ? '' : ` ${thrown.status}`
  if (thrown.status !== undefined && thrown.status >= 400) return `${type}${status}`
  const why = [thrown, ...causes].findLast(({ code }) => code !== undefined)?.code ?? causes.at(-1)?.type
  return why === undefined ? `${type}${status}` : `${type}${status} ← ${why}`
}

function typeOf(error: unknown): string {
  const type = typeof error === 'object' && error !== null && 'type' in error ? error.type : undefined
  return typeof type === 'string' ? ` of type ${type}` : ''
}

/** How often it was tried and how long that took: `3 in 1.4 s`. */
export function retriesCell({ settled, attempts, tookMs }: Observation): string {
  if (attempts === 0) return '—'
  return settled === 'pending' ? `${attempts}, hangs` : `${attempts} in ${roughly(tookMs)}`
}

/** Two digits are all that is worth comparing. */
function roughly(ms: number): string {
  if (ms < 1_000) return '< 1 s'
  const two = (value: number) => String(Number(value.toPrecision(2)))
  return ms < 100_000 ? `${two(ms / 1_000)} s` : `${two(ms / 60_000)} min`
}
