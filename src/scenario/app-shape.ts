import type { AppJobs, AppPerform, AppRequest, AppSpec, Told } from '../model/app.ts'
import { answerPath, appUrl, command, jsonTemplate, readyShape, requestLine, template } from './app-parts.ts'
import { record } from './lists.ts'
import { type Keys, object, optional, required } from './object.ts'
import type { Reading } from './reading.ts'
import { choice, flag, text } from './scalars.ts'
import { type Shape, written } from './shape.ts'
import { entryOf, type MapNode } from './tree.ts'
import { duration } from './units.ts'

/** What is not yet put together: addresses may be relative to `url`. */
interface WrittenApp extends AppSpec {
  readonly url?: string
}

const names = { pattern: /^[A-Za-z_][A-Za-z0-9_]*$/ }

/** The section `app` of a config: an app that is driven over HTTP. What comes out has absolute addresses. */
export const appShape: Shape<AppSpec> = {
  name: 'the app',
  read(node, path, reading) {
    const url = entryOf(node, 'url')?.value
    const base = url?.type === 'scalar' && typeof url.value === 'string' ? url.value : undefined
    const app = object<WrittenApp>(
      'the app',
      {
        name: optional('How people know it.', text('a name', { pattern: /^\S(?:.*\S)?$/ })),
        start: optional('The command that starts it.', command),
        cwd: optional('Where it is started.', text('the path of a folder')),
        env: optional('Variables of its own.', record('variables', text('a text'), names)),
        url: optional('Where it is, for addresses that begin with /.', appUrl()),
        ready: optional('How it shows that it is ready.', readyShape(base)),
        perform: optional('How it is asked.', performShape(base)),
        jobs: optional('How its jobs are.', jobsShape(base)),
      },
      {
        check({ perform, jobs }, map, { report }) {
          if (jobs && !perform && !entryOf(map, 'perform'))
            report('missing-key', map, 'The key "perform" is missing from the app.', 'Jobs are a part of its tasks.')
        },
      },
    ).read(node, path, reading)
    if (app === undefined) return undefined
    const { url: _, ...rest } = app
    return rest
  },
  write: () => written(null),
  schema: () => ({}),
}

function requestKeys(base: string | undefined): Keys<AppRequest> {
  return {
    request: required('Method and address.', requestLine(base)),
    headers: optional('Headers.', record('headers', template, { pattern: /^[!#$%&'*+.^_`|~\w-]+$/ })),
    json: optional('The body, as JSON.', jsonTemplate),
    form: optional('The body, as a form.', record('fields', template)),
    text: optional('The body, as text.', template),
    within: optional('How long its answer may take; 120s if not said.', duration({ min: 1 })),
  }
}

/** One body at most. */
function checkBodies(node: MapNode, reading: Reading): void {
  const [first, second] = node.entries.filter(({ key }) => key === 'json' || key === 'form' || key === 'text')
  if (first && second)
    reading.report(
      'conflicting-keys',
      second.keyRange,
      `"${first.key}" and "${second.key}" are both the body of the request.`,
      'Keep one of them.',
    )
}

function performShape(base: string | undefined): Shape<AppPerform> {
  return object<AppPerform>(
    'how the app is asked',
    {
      ...requestKeys(base),
      answer: optional('Where the text of the answer is.', answerPath),
      outcome: optional("The app's own word on it.", told(choice('ok', 'degraded', 'queued', 'failed'))),
      source: optional('Where it comes from.', told(choice('live', 'cache', 'fallback', 'queue'))),
      labelled: optional('Whether the user is told that it is not the usual answer.', told(flag)),
      age: optional('How old it is.', age),
    },
    {
      check({ outcome }, node, reading) {
        checkBodies(node, reading)
        if (outcome !== undefined || entryOf(node, 'outcome')) return
        for (const { key, keyRange } of node.entries)
          if (key === 'source' || key === 'labelled' || key === 'age')
            reading.report(
              'meaningless-key',
              keyRange,
              `"${key}" is said together with "outcome".`,
              'Say where the app tells what its answer is, as in: outcome: answer.status',
            )
      },
    },
  )
}

/** A path, or `{ path | header, map }`. */
function told<T>(of: Shape<T>): Shape<Told<T>> {
  return pathOr(
    object<Told<T>>(
      'where an answer tells it',
      {
        path: optional('A path into the JSON of the answer.', answerPath),
        header: optional('A header of the answer.', text('the name of a header')),
        map: optional('What its values mean; "*" is any other.', record<T>('values', of)),
      },
      { exactlyOne: ['path', 'header'] },
    ),
  )
}

const age: Shape<NonNullable<AppPerform['age']>> = pathOr(
  object<{ readonly path?: string; readonly header?: string; readonly unit?: 'ms' | 's' }>(
    'where an answer tells its age',
    {
      path: optional('A path into the JSON of the answer.', answerPath),
      header: optional('A header of the answer.', text('the name of a header')),
      unit: optional('Of a plain number; s if not said.', choice('ms', 's')),
    },
    { exactlyOne: ['path', 'header'] },
  ),
)

function pathOr<T extends { readonly path?: string }>(map: Shape<T>): Shape<T> {
  return {
    ...map,
    read(node, path, reading) {
      if (node.type === 'map') return map.read(node, path, reading)
      const at = answerPath.read(node, path, reading)
      return at === undefined ? undefined : ({ path: at } as T) // whose other keys may all be left out
    },
  }
}

function jobsShape(base: string | undefined): Shape<AppJobs> {
  const body = { check: (_: unknown, node: MapNode, reading: Reading) => checkBodies(node, reading) }
  return object<AppJobs>('the jobs', {
    submit: required(
      'Takes a job in.',
      object<AppJobs['submit']>(
        'the submission',
        { ...requestKeys(base), id: optional("Where the job's id is.", answerPath) },
        body,
      ),
    ),
    list: required(
      'Shows all jobs.',
      object<AppJobs['list']>(
        'the list of jobs',
        {
          ...requestKeys(base),
          jobs: optional('Where the list is.', answerPath),
          id: optional('Where each has its id.', answerPath),
          state: optional('Where each has its state.', answerPath),
          attempts: optional('Where each has how often it was tried.', answerPath),
          states: optional(
            'What its states mean.',
            record('states', choice('queued', 'running', 'done', 'failed', 'dead')),
          ),
        },
        body,
      ),
    ),
  })
}
