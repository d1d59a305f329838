import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Action, Problem } from '../protocol.ts'

/** Does it; `undefined` when it was done, else why not. */
export type Act = (action: Action) => Promise<Problem | undefined>

/** What a page can ask of the server beside the stream. */
export interface Deeds {
  readonly act: Act
  /** A paper's text. */
  paper(name: string): Promise<Blob | Problem>
}

export function deedsOf(token: string): Deeds {
  const authorization = `Bearer ${token}`
  return {
    act: action =>
      asked('/api/act', {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(action),
      }).then(answer => (answer instanceof Response ? undefined : answer)),
    paper: name =>
      asked(`/api/papers/${encodeURIComponent(name)}`, { headers: { authorization } }).then<Blob | Problem>(answer =>
        answer instanceof Response ? answer.blob() : answer,
      ),
  }
}

async function asked(path: string, options: RequestInit): Promise<Response | Problem> {
  try {
    const response = await fetch(path, { ...options, cache: 'no-store' })
    return response.ok ? response : await problemOf(response)
  } catch {
    return {
      message: 'Nothing was sent: the console cannot be reached.',
      hint: 'It is done again by you, not by itself.',
    }
  }
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    const said: unknown = await response.json()
    if (typeof said === 'object' && said !== null && 'message' in said) return said as Problem
  } catch {
    // Something in between has answered; its status is all there is to tell.
  }
  return { message: `The console answered with ${response.status}.` }
}

export const DeedsContext = createContext<Deeds>(deedsOf(''))

export function useAct(): Act {
  return useContext(DeedsContext).act
}
