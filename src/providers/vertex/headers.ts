import { apiHeaders } from '../google/rpc-error.ts'
import { shortHash } from '../hash.ts'
import type { RenderContext } from '../provider.ts'

export const server = 'scaffolding on HTTPServer2'

/** `req_vrtx_…`, the same for every look at one attempt. */
export function requestId(attemptId: string): string {
  return `req_vrtx_011C${shortHash(`${attemptId} request`, 20)}`
}

/** Of what the model behind the API says. */
export function modelHeaders({ attemptId }: RenderContext): Record<string, string> {
  return { ...apiHeaders, server, 'request-id': requestId(attemptId) }
}
