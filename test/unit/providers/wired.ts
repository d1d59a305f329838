import type { Effect } from '../../../src/model/effect.ts'
import type { Provider } from '../../../src/providers/provider.ts'
import { type ContextOptions, contextOf, perform, type Seen } from './perform.ts'

/** A `fetch` whose every request meets `effects` in turn, and a healthy provider after them. */
export function wired(provider: Provider, effects: readonly Effect[] = [], options: ContextOptions = {}) {
  const seen: Seen[] = []
  const toolsCalled = options.toolsCalled ?? new Set<string>()
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    const recognised = provider.recognise({
      method: request.method,
      url: new URL(request.url),
      headers: Object.fromEntries(request.headers),
      body: await request.text(),
    })
    if (recognised === undefined) throw new Error(`Not for ${provider.id}: ${request.method} ${request.url}`)
    const context = contextOf({ ...options, toolsCalled, attemptId: `a${seen.length + 1}` })
    const script = provider.render(effects[seen.length] ?? { type: 'pass' }, recognised, context)
    seen.push({ recognised, script })
    return perform(script)
  }
  return { fetch, seen }
}
