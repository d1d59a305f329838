import type { Recognised } from '../provider.ts'
import { page, pageFault } from './paging.ts'
import { jsonReply, notFound, type Reply } from './reply.ts'

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

/** `/v1/models` and `/v1/models/ID`. */
export function modelsReply({ model, query }: Recognised): Reply {
  if (model === undefined) return pageFault(query) ?? jsonReply(page(models.map(modelInfo), query))
  const found = models.find(({ id }) => id === model)
  // `messages` takes any model, so a name of the right family is not denied here.
  if (found === undefined && !model.startsWith('claude-')) return notFound(`model: ${model}`)
  return jsonReply(modelInfo(found ?? { id: model, name: model, line: null }))
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
