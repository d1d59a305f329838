import { shortHash } from '../hash.ts'
import type { RenderContext } from '../provider.ts'

/** A UUID, the same for every look at one attempt. */
export function requestId({ attemptId }: RenderContext): string {
  const hex = shortHash(`${attemptId} request`, 32)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`
}

/** Of everything that Bedrock itself answers. */
export function amznHeaders(context: RenderContext): Record<string, string> {
  return { date: new Date(context.nowMs).toUTCString(), 'x-amzn-requestid': requestId(context) }
}
