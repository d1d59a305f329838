import type { Integration } from '../../../src/model/integration.ts'

const url = 'https://api.anthropic.com/v1/messages'

/** One request by hand; small, so that a search over it takes no time. */
export async function ask(
  prompt: string,
  env: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-api-key': env['ANTHROPIC_API_KEY'] ?? '',
      'anthropic-version': '2023-06-01',
    },
    body: JSON.stringify({ model: 'claude-sonnet-5-5', max_tokens: 64, messages: [{ role: 'user', content: prompt }] }),
    signal: signal ?? AbortSignal.timeout(20_000),
  })
}

type Env = Readonly<Record<string, string>>

export async function textOf(response: Response): Promise<string> {
  if (!response.ok) throw new Error(`status ${response.status}`)
  const { content } = (await response.json()) as { content: { text?: string }[] }
  const text = content.map(block => block.text ?? '').join('')
  if (!/\[end:/.test(text)) throw new Error('not whole')
  return text
}

/** Asks once, and says so when that fails. */
export const honest: Integration<Env> = {
  name: 'honest',
  start: ({ env }) => env,
  perform: async (env, { prompt }) => textOf(await ask(prompt, env)),
}

/** Says that it is sorry, in place of an error. */
export const sorry: Integration<Env> = {
  ...honest,
  name: 'sorry',
  perform: async (env, { prompt }) => textOf(await ask(prompt, env)).catch(() => 'We are sorry.'),
}

/** Asks again at once after whatever error, and is sorry in the end. */
export const eagerAndSorry: Integration<Env> = {
  ...honest,
  name: 'eager-and-sorry',
  async perform(env, { prompt }) {
    for (let attempt = 0; attempt < 12; attempt++)
      try {
        return await textOf(await ask(prompt, env))
      } catch {
        // At once.
      }
    return 'We are sorry.'
  },
}

/** After ten failures it never asks again. */
export const givesUpForGood: Integration<{ readonly env: Env; failures: number }> = {
  name: 'gives-up-for-good',
  start: ({ env }) => ({ env, failures: 0 }),
  async perform(app, { prompt }) {
    if (app.failures >= 10) throw new Error('gave up')
    try {
      return await textOf(await ask(prompt, app.env))
    } catch (error) {
      app.failures++
      throw error
    }
  },
}

/** Puts what failed back twice, so that the requests of an outage double every minute. */
export const asksTwiceAsOften: Integration<Env> = {
  ...honest,
  name: 'asks-twice-as-often',
  async perform(env, { prompt }, { signal }) {
    const again = async (): Promise<void> => {
      await new Promise(resolve => setTimeout(resolve, 50_000 + Math.random() * 10_000))
      if (signal.aborted) return
      await ask(prompt, env)
        .then(textOf)
        .catch(() => Promise.all([again(), again()]))
    }
    return ask(prompt, env)
      .then(textOf)
      .catch(error => {
        void again()
        throw error
      })
  },
}

let runs = 0

/** Behaves worse from run to run: what it did before is still in its module. */
export const remembersRuns: Integration<{ readonly env: Env; readonly run: number }> = {
  name: 'remembers-runs',
  start: ({ env }) => ({ env, run: ++runs }),
  perform: async ({ env, run }, { prompt }) => textOf(await ask(`${prompt} ${'again '.repeat(run)}`, env)),
}
