import { shortHash } from '../hash.ts'
import { asText, isRecord, type JsonRecord } from '../json.ts'
import type { Recognised, RenderContext } from '../provider.ts'
import { kept, type Store } from '../store.ts'
import { instant } from './instant.ts'
import { cursorPage, page, pageFault } from './paging.ts'
import { invalid, jsonReply, notFound, type Reply } from './reply.ts'

export interface StoredFile {
  readonly id: string
  readonly filename: string
  readonly mimeType: string
  readonly bytes: number
  readonly createdMs: number
  /** When its bytes are gone, ms since the epoch. */
  readonly expiresMs?: number
}

/** The files of a run, by id, the oldest first. */
export function filesIn(store: Store): Map<string, StoredFile> {
  return kept(store, 'files', () => new Map<string, StoredFile>())
}

/** `/v1/files` and all below it. */
export function filesReply(request: Recognised, context: RenderContext): Reply {
  const [, method, id, content] = /^(\w+) .*\/files(?:\/([^/]+))?(\/content)?\/*$/.exec(request.route ?? '') ?? []
  const files = filesIn(context.store)
  if (id === undefined) {
    if (method === 'POST') return upload(request, context, files)
    return method === 'GET' ? list(request, files) : notFound()
  }
  const file = files.get(id)
  if (file === undefined) return notFound(`File not found: ${id}`)
  if (content !== undefined) return method === 'GET' ? download(file, context) : notFound()
  if (method === 'GET') return jsonReply(view(file))
  if (method !== 'DELETE') return notFound()
  files.delete(id)
  return jsonReply({ id, type: 'file_deleted' })
}

/** What people upload cannot be had back; only what a tool has made could be. */
function download(file: StoredFile, { nowMs }: RenderContext): Reply {
  if (file.expiresMs !== undefined && nowMs >= file.expiresMs)
    return { ...notFound(`File ${file.id} has expired.`), details: { error_code: 'file_expired' } }
  return invalid(`File ${file.id} is not downloadable.`, 'file_not_downloadable')
}

const forbidden = /[<>:"|?*\\/\p{Cc}]/u

function upload(request: Recognised, context: RenderContext, files: Map<string, StoredFile>): Reply {
  const form = isRecord(request.json) ? request.json : {}
  const file = form['file']
  if (!isRecord(file)) return invalid('file: Field required')
  const filename = nameOf(file, request)
  if (filename.length > 255 || forbidden.test(filename)) return invalid('file: Invalid filename')
  const lifetime = form['expires_in_seconds']
  const seconds = lifetime === undefined ? undefined : Number(lifetime)
  if (seconds !== undefined && !(seconds >= 3_600 && seconds <= 7_776_000))
    return invalid('expires_in_seconds: Input should be between 3600 and 7776000')
  const stored: StoredFile = {
    id: `file_011C${shortHash(`${context.attemptId} file`, 20)}`,
    filename,
    mimeType: asText(file['type']) ?? 'application/octet-stream',
    bytes: typeof file['bytes'] === 'number' ? file['bytes'] : 0,
    createdMs: context.nowMs,
    ...(seconds !== undefined && { expiresMs: context.nowMs + seconds * 1_000 }),
  }
  files.set(stored.id, stored)
  return jsonReply(view(stored))
}

/** The newer API keeps the last part of a path, and makes up a name where there is none. */
function nameOf(file: JsonRecord, { apiVersion }: Recognised): string {
  const name = asText(file['filename']) ?? ''
  if (!isNew(apiVersion)) return name
  return name.split(/[/\\]/).at(-1) || 'unnamed'
}

/** Newest first. */
function list({ query, apiVersion }: Recognised, files: Map<string, StoredFile>): Reply {
  const fault = pageFault(query)
  if (fault !== undefined) return fault
  const all = [...files.values()].reverse()
  const { data, ...rest } = isNew(apiVersion) ? cursorPage(all, query) : page(all, query)
  return jsonReply({ data: data.map(view), ...rest })
}

/** Out of beta, the files have pages with cursors. */
function isNew(version: string | undefined): boolean {
  return version !== undefined && version >= '2026-10-21'
}

function view({ id, filename, mimeType, bytes, createdMs, expiresMs }: StoredFile) {
  return {
    type: 'file',
    id,
    filename,
    mime_type: mimeType,
    size_bytes: bytes,
    created_at: instant(createdMs),
    downloadable: false,
    ...(expiresMs !== undefined && { expires_at: instant(expiresMs) }),
  }
}
