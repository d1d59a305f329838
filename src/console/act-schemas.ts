import { bodyOf, optional, type Schema, text } from '../drill/control/schema.ts'
import { injectKinds, responderMarks } from '../model/game-day.ts'
import { type Action, noteCategories } from './protocol.ts'

type Of<Do extends Action['do']> = Extract<Action, { do: Do }>

const some = (description: string, maxLength: number) => text(description, { minLength: 1, maxLength })
const says = some('What it says.', 4_000)
const name = some('Who says so.', 100)
const doing: Schema = { type: 'string' }
const share: Schema = { title: 'a share such as 30%', type: 'string', pattern: '^\\d+(?:\\.\\d+)?%$' }
const lasting: Schema = {
  title: 'a duration such as 90s, 5m or 1h30m',
  type: 'string',
  pattern: '^(?:\\d+(?:\\.\\d+)?(?:ms|[dhms]))+$',
}
const fault: Schema = {
  title: 'the id of a fault, or { id: its parameters }',
  anyOf: [
    { type: 'string', minLength: 1 },
    { type: 'object', minProperties: 1, maxProperties: 1 },
  ],
}

/** What each action must be. */
export const actSchemas: { readonly [Do in Action['do']]: Schema } = {
  start: bodyOf<Of<'start'>>('', { do: doing, confirmed: { type: 'array', items: { type: 'string' } } }),
  hold: bodyOf<Of<'hold'>>('', { do: doing }),
  release: bodyOf<Of<'release'>>('', { do: doing }),
  skip: bodyOf<Of<'skip'>>('', { do: doing }),
  extend: bodyOf<Of<'extend'>>('', { do: doing, by: lasting }),
  goto: bodyOf<Of<'goto'>>('', { do: doing, to: some('An instant.', 200) }),
  abort: bodyOf<Of<'abort'>>('', { do: doing, why: some('Why.', 500) }),
  inject: bodyOf<Of<'inject'>>('', {
    ...{ do: doing, surface: some('What fails.', 200), fault, share: optional(share), for: optional(lasting) },
  }),
  'stop-injected': bodyOf<Of<'stop-injected'>>('', { do: doing, entry: some('Which.', 100) }),
  say: bodyOf<Of<'say'>>('', {
    ...{ do: doing, kind: { type: 'string', enum: injectKinds }, text: says },
    ...{ from: optional(name), to: optional(name), subject: optional(some('Subject.', 200)) },
  }),
  mark: bodyOf<Of<'mark'>>('', {
    ...{ do: doing, mark: { type: 'string', enum: responderMarks }, author: optional(name), says: optional(says) },
  }),
  note: bodyOf<Of<'note'>>('', {
    ...{ do: doing, category: { type: 'string', enum: noteCategories }, says, author: name },
  }),
  close: bodyOf<Of<'close'>>('', { do: doing }),
}

export const anyAction: Schema = {
  type: 'object',
  properties: { do: { type: 'string', enum: Object.keys(actSchemas) } },
  required: ['do'],
}
