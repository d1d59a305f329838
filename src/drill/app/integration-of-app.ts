import { traceparentOf } from '../../attribution/trace.ts'
import { UsageError } from '../../lib/errors.ts'
import { suggest } from '../../lib/suggest.ts'
import type { AppJobs, AppPerform, AppRequest, AppSpec } from '../../model/app.ts'
import { valueAt } from '../../model/app-path.ts'
import { fillJson, fillText, lookIn, namesIn } from '../../model/app-template.ts'
import type { Integration, TaskInput } from '../../model/integration.ts'
import type { Json } from '../../model/scenario.ts'
import { type AppAnswer, readAnswer, settlementOf } from './app-answer.ts'
import { failure, type Send, type Sent, send } from './send.ts'

export interface AppEnvironment {
  /** What `{env.NAME}` stands for: the environment of the program. */
  readonly env: Readonly<Record<string, string>>
}

const withinMs = 120_000

/**
 * The app as a client module would drive it: each task is one request of its own. What answers with a status of 400 or
 * more, not in time, or not to the end, has failed, and says so. Throws a `UsageError` for a variable that is not there.
 */
export function integrationOfApp(
  app: AppSpec & { readonly perform: AppPerform },
  { env }: AppEnvironment,
): Integration<undefined> {
  const { perform, jobs, name = 'app' } = app
  for (const request of [perform, ...(jobs ? [jobs.submit, jobs.list] : [])]) checkVariables(request, env)
  return {
    name,
    perform: async (_, task, { signal }): Promise<AppAnswer> =>
      readAnswer(await ask(perform, task, { env, signal }), perform.answer),
    ...(perform.outcome && { settle: (answer: AppAnswer) => settlementOf(answer, perform) }),
    ...(jobs && { jobs: jobsOf(jobs, env) }),
  }
}

function jobsOf({ submit, list }: AppJobs, env: AppEnvironment['env']): NonNullable<Integration<undefined>['jobs']> {
  const forever = new AbortController().signal
  return {
    async submit(_, job) {
      const sent = await ask(submit, job, { env, signal: forever })
      return submit.id === undefined ? undefined : valueAt(bodyOf(sent), submit.id)
    },
    async list() {
      const body = bodyOf(await ask(list, nobody, { env, signal: forever }))
      const items = list.jobs === undefined ? body : valueAt(body, list.jobs)
      if (!Array.isArray(items)) throw failure('NoJobList', `There is no list at ${list.jobs ?? 'the body'}.`)
      return items.map((item: unknown) => {
        const state = String(valueAt(item, list.state ?? 'state'))
        return {
          id: valueAt(item, list.id ?? 'id'),
          state: list.states && Object.hasOwn(list.states, state) ? list.states[state] : state,
          ...(list.attempts !== undefined && { attempts: valueAt(item, list.attempts) }),
        }
      })
    },
  }
}

/** Asks for the list of jobs. */
const nobody = {
  ...{ id: '', prompt: '', question: '', tenant: '', session: '', user: '' },
  ...{ stream: false, class: '' },
}

function bodyOf(sent: Sent): unknown {
  return readAnswer(sent, undefined).values.at(-1)
}

interface Asking extends AppEnvironment {
  readonly signal: AbortSignal
}

async function ask(request: AppRequest, task: TaskInput, { env, signal }: Asking): Promise<Sent> {
  const sent = await send(requestFor(request, task, env), { signal, withinMs: request.within ?? withinMs })
  if (sent.status >= 400) throw failure(`Http${sent.status}`, `The app answered with status ${sent.status}.`)
  return sent
}

/** What is sent for a task. It names the task in two headers: an app that hands either on is followed exactly. */
export function requestFor(request: AppRequest, task: TaskInput, env: AppEnvironment['env']): Send {
  const look = lookIn(task, env)
  const own = Object.entries(request.headers ?? {}).map(([name, value]) => [
    name.toLowerCase(),
    headerText(fillText(value, look)),
  ])
  const { type, body } = bodyFor(request, look)
  return {
    method: request.request.method,
    url: fillText(request.request.url, look, encodeURIComponent),
    headers: {
      ...(type !== undefined && { 'content-type': type }),
      ...(task.id !== '' && { 'blackstart-call': task.id, traceparent: traceparentOf(task.id) }),
      ...Object.fromEntries(own),
    },
    body,
  }
}

function bodyFor(
  { json, form, text }: AppRequest,
  look: (name: string) => Json | undefined,
): { readonly type?: string; readonly body: string | undefined } {
  if (json !== undefined) return { type: 'application/json', body: JSON.stringify(fillJson(json, look) ?? null) }
  if (form !== undefined) {
    const filled = Object.entries(form).map(([name, value]) => [name, fillText(value, look)] as const)
    return { type: 'application/x-www-form-urlencoded', body: `${new URLSearchParams(Object.fromEntries(filled))}` }
  }
  return text === undefined ? { body: undefined } : { type: 'text/plain; charset=utf-8', body: fillText(text, look) }
}

/** A header holds Latin letters and no ends of lines. */
function headerText(value: string): string {
  return value.replace(/[^\x20-\x7e]+/g, encodeURIComponent)
}

function checkVariables(request: AppRequest, env: AppEnvironment['env']): void {
  for (const { name, doubled } of namesIn(JSON.stringify(request))) {
    const variable = name.startsWith('env.') && !doubled ? name.slice('env.'.length) : undefined
    if (variable === undefined || Object.hasOwn(env, variable)) continue
    const meant = suggest(variable, Object.keys(env))
    throw new UsageError(
      `The config names {env.${variable}}, and there is no such variable in the program’s environment.`,
      meant === undefined ? `Set it, or write app.env: { ${variable}: … }` : `Did you mean {env.${meant}}?`,
    )
  }
}
