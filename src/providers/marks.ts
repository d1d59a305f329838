const questionMark = /\[q:([^\]\s]{1,80})\]/g

/** The id of the last `[q:ID]` in `text`: the question asked, where several are quoted. */
export function lastQuestion(text: string): string | undefined {
  if (!text.includes('[q:')) return undefined
  let last: string | undefined
  for (const [, id] of text.matchAll(questionMark)) last = id
  return last
}

/** The mark that opens an answer to question `id`. */
export function openingMark(id: string): string {
  return `[q:${id}]`
}

/** The mark that closes an answer to question `id`. */
export function closingMark(id: string): string {
  return `[end:${id}]`
}
