import {
  type Check,
  type ExpectedAction,
  type GameDay,
  type Inject,
  injectKinds,
  type Measure,
  responderMarks,
  type Slo,
  testedChecks,
} from '../model/game-day.ts'
import { json, list, oneOrList, record } from './lists.ts'
import { object, optional, required } from './object.ts'
import { instant } from './references.ts'
import { choice, text } from './scalars.ts'
import type { Shape } from './shape.ts'
import { duration, share } from './units.ts'

const rolePattern = /^[a-z][a-z0-9-]*$/

const check: Shape<Check> = object<Check>(
  'a check',
  {
    test: optional('Looked at by itself.', choice(...testedChecks)),
    says: optional('Ticked off by a person.', text()),
    owner: optional('The role that answers for it.', text()),
  },
  { line: true, exactlyOne: ['test', 'says'] },
)

const inject: Shape<Inject> = object<Inject>(
  'an inject',
  {
    at: required('When it reaches people.', instant),
    ticket: optional('A support ticket.', text()),
    mail: optional('A mail, of the provider or anybody.', text()),
    question: optional('Somebody wants to know.', text()),
    chat: optional('A line in the chat.', text()),
    alert: optional('What monitoring says.', text()),
    from: optional('Whose words they are.', text()),
    to: optional('The role that gets it; responders if not said.', text()),
    subject: optional('Its subject.', text()),
    expect: optional('What is hoped for; responders never see it.', text()),
  },
  { line: true, exactlyOne: [...injectKinds] },
)

const action: Shape<ExpectedAction> = object<ExpectedAction>(
  'an expected action',
  {
    says: required('What is done.', text()),
    by: optional('By when.', instant),
    owner: optional('The role that does it.', text()),
    mark: optional('The mark that shows it.', choice(...responderMarks)),
  },
  { line: true },
)

const measure: Shape<Measure> = object<Measure>(
  'a measure of success',
  {
    says: required('What makes it a success.', text()),
    mark: optional('Measured by this mark.', choice(...responderMarks)),
    within: optional('Within so long of the first fault.', duration({ min: 1 })),
  },
  {
    line: true,
    check: ({ mark, within }, node, reading) => {
      if ((mark === undefined) === (within === undefined)) return
      const hint = 'Write both, as in { says: …, mark: detected, within: 5m }, or neither.'
      reading.report('missing-key', node, 'A measure has "mark" and "within" together.', hint)
    },
  },
)

const slo: Shape<Slo> = object<Slo>(
  'a service level',
  {
    availability: required('Share of tasks that end well.', share),
    over: optional('Over how long it is promised; 30 days if not said.', duration({ min: 1 })),
    credits: optional(
      'What is given back below a share.',
      list(
        object<NonNullable<Slo['credits']>[number]>(
          'a credit',
          {
            below: required('Availability below this.', share),
            credit: required('Share of the bill that is given back.', share),
          },
          { line: true },
        ),
      ),
    ),
  },
  { line: true },
)

/** The key `game_day`. */
export const gameDay: Shape<GameDay> = object<GameDay>('the game day', {
  objectives: optional('What the exercise is to show.', list(text())),
  hypothesis: optional('What is believed to happen.', text()),
  environment: optional('Where it may be held: what BLACKSTART_ENVIRONMENT must say.', text()),
  roles: optional('Who plays what.', record('roles', oneOrList(text()), { pattern: rolePattern })),
  checks: optional('What must hold before it begins.', list(check)),
  injects: optional('What people are told, besides what the status page says.', list(inject)),
  actions: optional('What responders are hoped to do.', list(action)),
  measures: optional('What makes it a success.', list(measure)),
  slo: optional('What users were promised.', slo),
  notes: optional('Anything else.', record('notes', json)),
})
