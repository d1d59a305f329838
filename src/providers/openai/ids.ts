import { shortHash } from '../hash.ts'
import type { OfferedTool } from '../turn.ts'

const longestQuestionBytes = 19

/**
 * `resp_` and 48 hex digits. They carry the question, so that a request that sends no more than the id of the response
 * before it is still about it.
 */
export function responseId(question: string, attemptId: string): string {
  const bytes = Buffer.from(question)
  const carried = bytes.length > longestQuestionBytes ? Buffer.alloc(0) : bytes
  const head = carried.length.toString(16).padStart(2, '0') + carried.toString('hex')
  const filled = (head + shortHash(`${attemptId} response`, 42)).slice(0, 42)
  return `resp_${filled}${shortHash(filled, 6)}`
}

/** Whether {@link responseId} made it. */
export function isResponseId(id: string): boolean {
  return filling(id) !== undefined
}

/** The question that {@link responseId} put into an id; `undefined` for any other id. */
export function questionIn(id: string): string | undefined {
  const filled = filling(id) ?? '00'
  const bytes = Number.parseInt(filled.slice(0, 2), 16)
  return bytes === 0 ? undefined : Buffer.from(filled.slice(2, 2 + bytes * 2), 'hex').toString()
}

function filling(id: string): string | undefined {
  const [, filled = '', sum] = /^resp_([0-9a-f]{42})([0-9a-f]{6})$/.exec(id) ?? []
  return shortHash(filled, 6) === sum ? filled : undefined
}

/** `call_` and 24 digits, of which the first eight name the tool: see {@link toolBehind}. */
export function callId(tool: string, seed: string): string {
  return `call_${shortHash(tool, 8)}${seed.slice(0, 16)}`
}

/** Id of the item that makes a call: `fc_`, and the tool as in {@link callId}. */
export function callItemId(tool: string, seed: string): string {
  return `fc_${shortHash(tool, 8)}${shortHash(seed, 40)}`
}

/** The tool that an id of a call, or of its item, stands for: a transcript may have no more than the id. */
export function toolBehind(id: string, tools: readonly OfferedTool[]): string | undefined {
  const digits = /^(?:call|fc)_([0-9a-f]{8})/.exec(id)?.[1]
  return digits === undefined ? undefined : tools.find(({ name }) => shortHash(name, 8) === digits)?.name
}
