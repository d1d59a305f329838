import { shortHash } from '../hash.ts'
import { asArray, isRecord } from '../json.ts'
import type { Recognised } from '../provider.ts'
import type { Part, Turn } from '../turn.ts'
import { callId, callItemId } from './ids.ts'

export type Item =
  | {
      readonly id: string
      readonly type: 'reasoning'
      readonly summary: readonly { readonly type: 'summary_text'; readonly text: string }[]
      readonly encrypted_content?: string
    }
  | {
      readonly id: string
      readonly type: 'message'
      readonly status: 'completed'
      readonly content: readonly [OutputText]
      readonly role: 'assistant'
    }
  | {
      readonly id: string
      readonly type: 'function_call'
      readonly status: 'completed'
      readonly arguments: string
      readonly call_id: string
      readonly name: string
    }

export interface OutputText {
  readonly type: 'output_text'
  readonly annotations: readonly never[]
  readonly logprobs: readonly never[]
  readonly text: string
}

/** What the model said, as the output items of a response. What it thought is told only as far as the request asks. */
export function itemsOf(turn: Turn, { json }: Recognised, attemptId: string): readonly Item[] {
  const fields = isRecord(json) ? json : {}
  const reasoning = isRecord(fields['reasoning']) ? fields['reasoning'] : {}
  const summarised = typeof reasoning['summary'] === 'string' || typeof reasoning['generate_summary'] === 'string'
  const encrypted = asArray(fields['include']).includes('reasoning.encrypted_content')
  return turn.parts.map((part, i) => itemOf(part, `${attemptId} ${i}`, { summarised, encrypted }))
}

interface Told {
  readonly summarised: boolean
  readonly encrypted: boolean
}

function itemOf(part: Part, seed: string, { summarised, encrypted }: Told): Item {
  const digits = shortHash(`${seed} ${part.type}`, 48)
  switch (part.type) {
    case 'thinking': {
      const thought = Buffer.from(shortHash(`${seed} thought`, 60)).toString('base64')
      const summary = summarised ? [{ type: 'summary_text', text: part.thinking } as const] : []
      return { id: `rs_${digits}`, type: 'reasoning', summary, ...(encrypted && { encrypted_content: thought }) }
    }
    case 'text': {
      const content = [outputText(part.text)] as const
      return { id: `msg_${digits}`, type: 'message', status: 'completed', content, role: 'assistant' }
    }
    case 'tool-call':
      return {
        id: callItemId(part.name, part.id),
        type: 'function_call',
        status: 'completed',
        arguments: JSON.stringify(part.input),
        call_id: callId(part.name, part.id),
        name: part.name,
      }
  }
}

export function outputText(text: string): OutputText {
  return { type: 'output_text', annotations: [], logprobs: [], text }
}
