import { asArray, asText, isRecord, type JsonRecord } from '../json.ts'
import { lastQuestion } from '../marks.ts'

/** The turns of a request, oldest first; one without a role is the user's. */
export function contentsOf(json: JsonRecord): readonly JsonRecord[] {
  return asArray(json['contents']).filter(isRecord)
}

export function partsOf(content: JsonRecord | undefined): readonly JsonRecord[] {
  return asArray(content?.['parts']).filter(isRecord)
}

export function isUsers(content: JsonRecord): boolean {
  return content['role'] !== 'model'
}

/** The parts that hold a field of that name: `functionCall`, `functionResponse`. */
export function partsWith(content: JsonRecord | undefined, name: string): readonly JsonRecord[] {
  return partsOf(content).flatMap(part => (isRecord(part[name]) ? [part[name]] : []))
}

/** All text of a turn, and of the results of functions in it. */
export function textOf(content: JsonRecord): string {
  return partsOf(content)
    .map(
      part =>
        asText(part['text']) ?? (isRecord(part['functionResponse']) ? JSON.stringify(part['functionResponse']) : ''),
    )
    .filter(text => text !== '')
    .join('\n')
}

/** The question that the conversation is about: the last marker of the newest turn of the user that has one. */
export function askedQuestion(contents: readonly JsonRecord[]): string | undefined {
  for (const content of contents.toReversed()) {
    const question = isUsers(content) ? lastQuestion(textOf(content)) : undefined
    if (question !== undefined) return question
  }
  return undefined
}

/** The newest words of the user's own. */
export function newestText(contents: readonly JsonRecord[]): string {
  const newest = contents.findLast(content => isUsers(content) && partsWith(content, 'functionResponse').length === 0)
  return newest === undefined ? '' : textOf(newest)
}

/** Functions called since the user last spoke. */
export function calledSince(contents: readonly JsonRecord[]): ReadonlySet<string> {
  const called = new Set<string>()
  for (const content of contents.toReversed()) {
    if (isUsers(content) && partsWith(content, 'functionResponse').length === 0) break
    for (const call of partsWith(content, 'functionCall')) called.add(asText(call['name']) ?? '')
  }
  return called
}
