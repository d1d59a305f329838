import { nativeFetch } from '../../engines/active-tap.ts'
import type { OpenControl } from '../drill/control.ts'

/** Why the drill could not be ended by its control API; nothing where it could. Nothing is ended. */
export async function killSwitchProblem({
  url,
  token,
}: Pick<OpenControl, 'url' | 'token'>): Promise<string | undefined> {
  const headers = { authorization: `Bearer ${token}` }
  try {
    const state = await nativeFetch(`${url}/v1/state`, { headers })
    await state.body?.cancel()
    if (!state.ok) return `the control API answers with ${state.status}`
    // Asked in the wrong way, it says what the right one would be.
    const abort = await nativeFetch(`${url}/v1/abort`, { headers })
    await abort.body?.cancel()
    return abort.headers.get('allow')?.includes('POST') ? undefined : 'the control API has no way to abort'
  } catch (error) {
    return `the control API does not answer (${error instanceof Error ? error.message : error})`
  }
}
