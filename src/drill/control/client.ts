import type { JournalEvent } from '../../journal/event.ts'
import { UsageError } from '../../lib/errors.ts'
import type { Injection } from '../../run/injections.ts'
import type { DrillState, DrillVerdict } from '../controls.ts'
import type { AlertsBody, AlertsTaken } from './alerts.ts'
import type { Problem } from './problem.ts'

/** A drill in another process, steered through its control API. What it refuses is thrown as a `UsageError`. */
export interface ControlClient {
  state(): Promise<DrillState>
  /** The journal from the `since`-th event on. */
  journal(since?: number): Promise<readonly JournalEvent[]>
  /** The same, and what is to come, until the drill ends. */
  follow(since?: number, signal?: AbortSignal): AsyncGenerator<JournalEvent, void>
  hold(): Promise<DrillState>
  release(): Promise<DrillState>
  skip(): Promise<DrillState>
  /** `5m`, or ms of the scenario. */
  extend(by: string | number): Promise<DrillState>
  /** `blackout + 10s`, `healed`. */
  goto(to: string): Promise<DrillState>
  abort(why: string): Promise<DrillVerdict>
  inject(injection: Injection): Promise<{ readonly entry: string }>
  stopInjected(entry: string): Promise<DrillState>
  mark(mark: string, says?: string): Promise<DrillState>
  /** Alerts, as Alertmanager sends them, or one in a few words. */
  alerts(body: AlertsBody): Promise<AlertsTaken>
  /** Resolves when the drill has ended and was judged. */
  verdict(signal?: AbortSignal): Promise<DrillVerdict>
}

interface Address {
  readonly url: string
  readonly token: string
}

interface Asking {
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
}

/** Talks to the control API at `url`. */
export function controlClient({ url, token }: Address): ControlClient {
  async function ask(method: 'GET' | 'POST', path: string, { body, signal }: Asking = {}): Promise<Response> {
    const response = await fetch(`${url}/v1/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    })
    if (response.ok) return response
    const { error } = (await response.json()) as Problem // so the API answers, whatever it refuses
    throw response.status < 500 ? new UsageError(error.message, error.hint) : new Error(error.message)
  }
  const read = async <T>(path: string) => (await (await ask('GET', path)).json()) as T // as its document says
  const post = async <T>(path: string, body?: unknown) => (await (await ask('POST', path, { body })).json()) as T // likewise

  return {
    state: () => read('state'),
    journal: async (since = 0) => parseLines(await (await ask('GET', `journal?since=${since}`)).text()),
    async *follow(since = 0, signal) {
      const { body } = await ask('GET', `journal?since=${since}&follow=true`, { signal })
      let rest = ''
      for await (const part of (body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
        const at = (rest + part).lastIndexOf('\n') + 1
        const whole = (rest + part).slice(0, at)
        rest = (rest + part).slice(at)
        yield* parseLines(whole)
      }
    },
    hold: () => post('hold'),
    release: () => post('release'),
    skip: () => post('skip'),
    extend: by => post('extend', { by }),
    goto: to => post('goto', { to }),
    abort: why => post('abort', { why }),
    inject: injection => post('inject', injection),
    stopInjected: entry => post('stop', { entry }),
    mark: (mark, says) => post('mark', { mark, ...(says !== undefined && { says }) }),
    alerts: body => post('alerts', body),
    async verdict(signal) {
      for (;;) {
        const response = await ask('GET', 'verdict?wait=true', { signal })
        if (response.status === 200) return (await response.json()) as DrillVerdict // as its document says
        await response.body?.cancel()
      }
    },
  }
}

function parseLines(text: string): readonly JournalEvent[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as JournalEvent) // its document says so
}
