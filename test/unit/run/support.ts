import {
  type Integration,
  type JournalEvent,
  type RunOptions,
  type RunResult,
  runScenario,
} from '../../../src/index.ts'

type EventOf<T extends JournalEvent['type']> = JournalEvent & { readonly type: T }

/** A scenario with these lines of YAML under `phases:`. */
export function scenario(...phases: string[]): string {
  return `blackstart: 1\nid: small\ntitle: A small one\nprovider: anthropic\nphases:\n${phases.map(p => `  - ${p}\n`).join('')}`
}

/** Half of all requests are refused by an overloaded provider. */
export const halfOverloaded = scenario(
  '{ name: down, for: 5m, faults: [{ surface: api, fault: overloaded, share: 50% }] }',
)

export const nothingWrong = scenario('{ name: quiet, for: 2m }')

/** A run with few users and short thinking: a hundred tasks or so. */
export function run(integration: Integration, options: Partial<RunOptions> = {}): Promise<RunResult> {
  return runScenario({ scenario: halfOverloaded, users: 3, thinkMs: 10_000, ...options, integration })
}

export function eventsOf<T extends JournalEvent['type']>(result: { journal: readonly JournalEvent[] }, type: T) {
  return result.journal.filter((event): event is EventOf<T> => event.type === type)
}

export function statusesOf(result: RunResult): readonly number[] {
  return [...new Set(eventsOf(result, 'attempt-headers').map(event => event.status))].toSorted((a, b) => a - b)
}

export function outcomesOf(result: RunResult): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { outcome } of eventsOf(result, 'task-settled')) counts[outcome] = (counts[outcome] ?? 0) + 1
  return counts
}

export const model = 'claude-sonnet-5-5'

/** The body of a Messages request that asks `prompt`. */
export function messagesBody(prompt: string, more: object = {}): string {
  return JSON.stringify({ model, max_tokens: 64, messages: [{ role: 'user', content: prompt }], ...more })
}

export const messagesUrl = 'https://api.anthropic.com/v1/messages'

export function messagesHeaders(key = process.env['ANTHROPIC_API_KEY'] ?? ''): Record<string, string> {
  return { 'content-type': 'application/json', 'anthropic-version': '2023-06-01', 'x-api-key': key }
}
