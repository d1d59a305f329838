import type { ClientEvent, ComponentStatus, Instant, StatusUpdate, WorkloadSpec } from '../model/scenario.ts'
import { list, record } from './lists.ts'
import { object, optional, required } from './object.ts'
import { instant, isSurface } from './references.ts'
import { choice, count, flag, text } from './scalars.ts'
import { refuse, type Shape, written } from './shape.ts'
import { duration, factor, level, rate, share } from './units.ts'

const componentStatus = choice<ComponentStatus>(
  'operational',
  'degraded_performance',
  'partial_outage',
  'major_outage',
  'under_maintenance',
)

/** The entries of `status_page`. */
export const statusUpdate: Shape<StatusUpdate> = object<StatusUpdate>(
  'a status update',
  {
    at: required('When it appears.', instant),
    name: optional('Title of the incident, which tells several apart.', text()),
    incident: optional(
      'State of the incident.',
      choice('investigating', 'identified', 'monitoring', 'resolved', 'postmortem'),
    ),
    components: optional(
      'State of each component, by surface.',
      record('components', componentStatus, {
        line: true,
        checkKey: (entry, reading) => isSurface(entry.key, entry.keyRange, reading),
      }),
    ),
    says: optional('The words of the update.', text()),
    says_at: optional('The time it gives itself, if not when it appears.', instant),
    impact: optional('How bad they say it is.', choice('none', 'minor', 'major', 'critical')),
    page: optional('Whether the page itself is up.', choice('up', 'unreachable', 'slow')),
    retracts: optional('Whether it takes back the update before.', flag),
  },
  { line: true },
)

interface AnyEvent {
  readonly at: Instant
  readonly restart?: true | { readonly instances?: number; readonly apart?: number }
  readonly crash?: true | { readonly instances?: number }
  readonly offline?: number
  readonly scale?: { readonly instances: number }
  readonly traffic?: number
}

const instances = optional('How many instances; all if not said.', count)

const anyEvent = object<AnyEvent>(
  'an event',
  {
    at: required('When it happens.', instant),
    restart: optional(
      'Instances stop and start again.',
      trueOr(
        object<{ readonly instances?: number; readonly apart?: number }>(
          'a restart',
          { instances, apart: optional('Time between one instance and the next.', duration()) },
          { line: true },
        ),
      ),
    ),
    crash: optional(
      'Instances die without a goodbye, and start again.',
      trueOr(object<{ readonly instances?: number }>('a crash', { instances }, { line: true })),
    ),
    offline: optional('The app has no network for this long.', duration({ min: 1 })),
    scale: optional(
      'The app runs with this many instances from here on.',
      object<{ readonly instances: number }>('a scale', { instances: required('How many.', count) }, { line: true }),
    ),
    traffic: optional('Users come this many times as often from here on.', factor),
  },
  { line: true, exactlyOne: ['restart', 'crash', 'offline', 'scale', 'traffic'] },
)

/** The entries of `events`. */
export const clientEvent: Shape<ClientEvent> = {
  ...anyEvent,
  // `exactlyOne` makes an `AnyEvent` a `ClientEvent`.
  read: (node, path, reading) => anyEvent.read(node, path, reading) as ClientEvent | undefined,
}

/** `true`, or the details. */
function trueOr<T extends object>(details: Shape<T>): Shape<true | T> {
  const name = `true, or the details of ${details.name}`
  return {
    name,
    read(node, path, reading) {
      if (node.type === 'map') return details.read(node, path, reading)
      return node.type === 'scalar' && node.value === true ? true : refuse(reading, node, 'wrong-type', name)
    },
    write: value => (value === true ? written(true) : details.write(value)),
    schema: definitions => ({ anyOf: [{ const: true }, details.schema(definitions)] }),
  }
}

const spike = object<NonNullable<WorkloadSpec['spikes']>[number]>(
  'a spike',
  { at: required('When.', instant), tasks: required('How many tasks at once.', count) },
  { line: true },
)

/** What the app is asked to do. */
export const workload: Shape<WorkloadSpec> = object<WorkloadSpec>('the workload', {
  users: optional('Users; 60 if not said.', count),
  instances: optional('Instances of the app; 1 if not said.', count),
  tenants: optional('Tenants the users belong to.', count),
  questions: optional('Size of the pool of questions.', count),
  tasks: optional('Tasks in a healthy run, about.', count),
  think: optional("Mean time between a user's tasks; wins over tasks.", duration({ min: 1 })),
  arrivals: optional('Tasks arrive at this rate, whoever is waiting.', level(rate)),
  streaming: optional('Share of tasks that stream.', share),
  critical: optional('Share of tasks of class "critical".', share),
  sessions: optional(
    'Conversations.',
    object<NonNullable<WorkloadSpec['sessions']>>(
      'the sessions',
      { turns: optional('Turns in each.', count), tools: optional('Whether tools are offered.', flag) },
      { line: true },
    ),
  ),
  jobs: optional(
    'Background jobs.',
    object<NonNullable<WorkloadSpec['jobs']>>(
      'the jobs',
      { share: optional('Share of tasks that are jobs.', share) },
      { line: true },
    ),
  ),
  spikes: optional('Many tasks at once.', list(spike)),
})
