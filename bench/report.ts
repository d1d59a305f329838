import { nativeNow } from '../src/clock/native.ts'
import { journalLines } from '../src/journal/journal.ts'
import { htmlPage } from '../src/reports/html/page.ts'
import { postIncident } from '../src/reports/post-incident/document.ts'
import { markdownPage } from '../src/reports/post-incident/markdown.ts'
import { recordedRun } from '../src/reports/recorded/recorded-run.ts'
import { catalogue } from '../src/run/catalogue.ts'
import { attemptsOf, count, median, micros, run, totalOutage } from './support.ts'

const minute = 60_000

/** A journal each of about so many attempts: of more users, not of a longer outage. */
const sizes = [1_000, 10_000, 100_000]

/** Time and size of a report by the length of its journal, and what each attempt costs beside the shortest one. */
export async function* report(): AsyncGenerator<string> {
  yield 'A report of a journal, from its text to the page; judging is nearly all of it'
  let first: number | undefined
  for (const wanted of sizes) {
    // Three attempts a call, and about two minutes between two questions of a user.
    const users = Math.max(1, Math.round(wanted / 100))
    const result = await run({ scenario: totalOutage(60 * minute), users, thinkMs: 108_000 })
    const text = [...journalLines(result.journal)].join('')
    const attempts = attemptsOf(result)
    const rounds = Array.from({ length: wanted > 50_000 ? 3 : 5 }, () => measured(text))
    const of = (key: 'judged' | 'told' | 'total') => median(rounds.map(round => round[key]))
    const perAttempt = of('total') / attempts
    first ??= perAttempt
    const [round] = rounds
    yield [
      `  ${count(attempts)} attempts (${megabytes(text.length)} of journal):`,
      `${(of('total') / 1_000).toFixed(2)} s, of which ${(of('judged') / 1_000).toFixed(2)} s to read and judge`,
      `and ${of('told').toFixed(0)} ms to tell;`,
      `page ${count((round?.page ?? 0) / 1_000)} KB, Markdown ${count((round?.markdown ?? 0) / 1_000)} KB;`,
      `${micros(perAttempt)} an attempt, ratio ${(perAttempt / first).toFixed(2)}`,
    ].join(' ')
  }
}

function measured(text: string) {
  const began = nativeNow()
  const recorded = recordedRun(text, 'bench.jsonl', { catalogue })
  const between = nativeNow()
  const document = postIncident(recorded, catalogue)
  const page = htmlPage(document, { journal: 'bench.jsonl' }).length
  const markdown = markdownPage(document).length
  const ended = nativeNow()
  return { judged: between - began, told: ended - between, total: ended - began, page, markdown }
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`
