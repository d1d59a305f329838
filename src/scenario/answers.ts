import type { AnswerCall, AnswerEntry, AnswersFile, AnswerWhen, RecordedResponse, Scenario } from '../model/scenario.ts'
import type { Catalogue } from './catalogue.ts'
import { json, list, oneOrList, record } from './lists.ts'
import { object, optional, required } from './object.ts'
import { surfaces } from './references.ts'
import { count, flag, number, text } from './scalars.ts'
import { named, type Shape } from './shape.ts'

type Answers = NonNullable<Scenario['answers']>

/** What the model says: a list of answers, or the file that has them. */
export function answersShape(catalogue: Catalogue): Shape<Answers> {
  const entries = list(answerEntry(catalogue))
  const file = object<AnswersFile>(
    'the place of the answers',
    { from: required("A file with a list of answers, relative to the scenario's.", text('the path of a file')) },
    { line: true },
  )
  return {
    name: `${entries.name}, or { from: FILE }`,
    read: (node, path, reading) =>
      node.type === 'map' ? file.read(node, path, reading) : entries.read(node, path, reading),
    write: value => ('from' in value ? file.write(value) : entries.write(value)),
    schema: definitions => ({ anyOf: [entries.schema(definitions), file.schema(definitions)] }),
  }
}

/** One answer of a list, in a scenario or in a file of its own. */
export function answerEntry(catalogue: Catalogue): Shape<AnswerEntry> {
  const when = object<AnswerWhen>(
    'a condition',
    {
      question: optional(
        'Only these questions, by id; * stands for anything.',
        oneOrList(text('the id of a question')),
      ),
      contains: optional('Only when the newest message of the user has these words.', text()),
      model: optional('Only these models; * stands for anything.', oneOrList(text('the name of a model'))),
      surface: optional('Only here; a surface covers its parts.', surfaces(catalogue)),
    },
    { line: true },
  )
  return named(
    'answer',
    object<AnswerEntry>(
      'an answer',
      {
        when: optional('Which requests it answers; all conditions must hold.', when),
        times: optional('How often in one task; always if not said.', count),
        says: optional('The words of the model.', text()),
        calls: optional('The tools that it calls, in one turn.', oneOrList(call)),
        json: optional('An answer that is JSON: as text, or as the arguments of a tool that must be called.', json),
        response: optional("A response of the provider's, sent as it was recorded.", response),
        marks: optional("Whether its words stand between the question's marks; they do if not said.", flag),
      },
      { line: true, exactlyOne: ['says', 'calls', 'json', 'response'] },
    ),
  )
}

const call = object<AnswerCall>(
  'a call',
  {
    tool: required('Name of the tool.', text('the name of a tool')),
    input: optional("Its arguments; made up from the tool's schema if not said.", json),
  },
  { line: true },
)

const response = object<RecordedResponse>(
  'a response',
  {
    status: optional('Its status; 200 if not said.', number({ integer: true, min: 200, max: 599 })),
    headers: optional('Its headers.', record('headers', text('the text of a header'), { line: true })),
    body: required('Its text, or the JSON that it is.', json),
  },
  { line: true },
)
