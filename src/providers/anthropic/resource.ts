import type { Recognised, RenderContext } from '../provider.ts'
import { batchesReply } from './batches.ts'
import { filesReply } from './files.ts'
import { modelsReply } from './models.ts'
import { notFound, type Reply } from './reply.ts'

/** What the endpoints without a model answer. */
export function resource(request: Recognised, context: RenderContext): Reply {
  switch (request.surface) {
    case 'api.batches':
      return batchesReply(request, context)
    case 'api.files':
      return filesReply(request, context)
    case 'api.models':
      return modelsReply(request)
    default:
      return notFound()
  }
}
