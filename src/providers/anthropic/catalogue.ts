import type { Recognised } from '../provider.ts'

interface Model {
  readonly id: string
  readonly name: string
  readonly line: string | null
}

const models: readonly Model[] = [
  { id: 'claude-opus-5-5', name: 'Claude Opus 5.5', line: 'opus' },
  { id: 'claude-sonnet-5-5', name: 'Claude Sonnet 5.5', line: 'sonnet' },
  { id: 'claude-haiku-5-5', name: 'Claude Haiku 5.5', line: 'haiku' },
  { id: 'claude-fable-5-2', name: 'Claude Fable 5.2', line: 'fable' },
  { id: 'claude-opus-4-8', name: 'Claude Opus 4.8', line: 'opus' },
  { id: 'claude-haiku-4-5', name: 'Claude Haiku 4.5', line: 'haiku' },
]

/** What the endpoints without a model answer; `undefined` for what does not exist here. Batches and files: empty lists. */
export function catalogue({ surface, route, model }: Recognised): string | undefined {
  switch (surface) {
    case 'api.models': {
      if (model === undefined) return modelList()
      const found = models.find(({ id }) => id === model)
      // `messages` takes any model, so a name of the right family is not denied here.
      if (found === undefined && !model.startsWith('claude-')) return undefined
      return JSON.stringify(modelInfo(found ?? { id: model, name: model, line: null }))
    }
    case 'api.batches':
      return isList(route) ? JSON.stringify({ data: [], has_more: false, first_id: null, last_id: null }) : undefined
    case 'api.files':
      return isList(route) ? JSON.stringify({ data: [], next_page: null }) : undefined
    default:
      return undefined
  }
}

function isList(route: string | undefined): boolean {
  return route !== undefined && /^GET .*\/(?:batches|files)\/*$/.test(route)
}

function modelList(): string {
  const data = models.map(modelInfo)
  return JSON.stringify({ data, has_more: false, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null })
}

function modelInfo({ id, name, line }: Model) {
  return {
    type: 'model',
    id,
    display_name: name,
    // The epoch is how the API says that it does not know.
    created_at: '1970-01-01T00:00:00Z',
    lifecycle: 'active',
    deprecated_at: null,
    retires_at: null,
    line,
    max_input_tokens: null,
    max_tokens: null,
    capabilities: null,
  }
}
