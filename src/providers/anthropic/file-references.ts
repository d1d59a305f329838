import { asArray, asText, isRecord } from '../json.ts'
import type { Store } from '../store.ts'
import type { ApiError } from './errors.ts'
import { filesIn } from './files.ts'
import { notFound } from './reply.ts'

/** The refusal of a message that refers to a file which is not there (any more). */
export function missingFile(json: unknown, store: Store, nowMs: number): ApiError | undefined {
  const files = filesIn(store)
  for (const id of fileIds(isRecord(json) ? json['messages'] : undefined)) {
    const file = files.get(id)
    if (file === undefined || (file.expiresMs !== undefined && nowMs >= file.expiresMs))
      return notFound(`File not found: ${id}`)
  }
  return undefined
}

/** Files that the content of messages, and of tool results in them, refers to. */
function fileIds(messages: unknown): readonly string[] {
  const found: string[] = []
  const visit = (content: unknown) => {
    for (const block of asArray(content)) {
      if (!isRecord(block)) continue
      const source = block['source']
      const holder = isRecord(source) && source['type'] === 'file' ? source : block
      const id = holder === block && block['type'] !== 'container_upload' ? undefined : asText(holder['file_id'])
      if (id !== undefined) found.push(id)
      visit(block['content'])
    }
  }
  for (const message of asArray(messages)) if (isRecord(message)) visit(message['content'])
  return found
}
