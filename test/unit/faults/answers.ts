import { expect, test } from 'vitest'
import { bothWays, oneCall, problemsOf, type Seen } from '../../support/one-call.ts'

/** What the SDK makes of an answer with an error, and what the provider's own words for it are. */
export interface ErrorAnswer {
  readonly status: number
  /** Class of the error that the app catches. */
  readonly error: string
  /** `error.type` of the envelope; null where the edge speaks, who has none. */
  readonly type: string | null
  /** In the message that the app reads. */
  readonly says: string
  /** How long the answer takes, ms. */
  readonly within: readonly [number, number]
}

/** Facts of every fault that answers with an error: the same thing streamed and not, and the parameters that all share. */
export function answersWith(id: string, expected: ErrorAnswer): void {
  test('the app catches it before anything is streamed, with its status, its type and its words', async () => {
    for (const seen of await bothWays(id)) {
      expect(seen).toMatchObject({ settled: 'threw', error: expected.error, status: expected.status, text: '' })
      expect(seen.thrown).toMatchObject({ status: expected.status, type: expected.type })
      expect(seen.message).toContain(expected.says)
      expect(seen.events).toEqual([])
      expect(seen.attempt).toMatchObject({ status: expected.status, outcome: 'error', bytes: seen.bytes })
      expect(seen.tookMs).toBeGreaterThanOrEqual(expected.within[0])
      expect(seen.tookMs).toBeLessThanOrEqual(expected.within[1])
    }
  })

  if (expected.type !== null)
    test('it is the envelope of the API, and the request has the same id in header, body and error', async () => {
      const seen = await oneCall(id)

      const id_ = seen.headers['request-id']
      expect(id_).toMatch(/^req_\w+$/)
      expect(JSON.parse(seen.body)).toMatchObject({ type: 'error', error: { type: expected.type }, request_id: id_ })
      expect(seen.thrown).toMatchObject({ requestID: id_ })
    })

  test('`takes`, `message` and `should_retry` are its time, its words and its advice', async () => {
    const body = expected.type === null ? 'text' : undefined
    const seen = await oneCall(`{ ${id}: { takes: 2.5s, message: Come back., should_retry: false${as(body)} } }`)

    expect(seen.tookMs).toBe(2_500)
    expect(seen.message).toContain('Come back.')
    expect(seen.headers['x-should-retry']).toBe('false')
    expect(seen).toMatchObject({ error: expected.error, status: expected.status })
    expect((await oneCall(`{ ${id}: { should_retry: true } }`)).headers['x-should-retry']).toBe('true')
  })

  test('a time, words or advice that are none are errors at their lines', () => {
    expect(problemsOf(id, { takes: '5', message: '[]', should_retry: 'maybe' })).toEqual([
      '10: Expected a duration such as 90s or 1h30m, found the number 5.',
      '11: Expected a text, found a list.',
      '12: Expected true or false, found the text "maybe".',
    ])
  })
}

const as = (body: string | undefined) => (body === undefined ? '' : `, body: ${body}`)

/** Facts of `retry_after` and its spellings. */
export function saysWhenToComeBack(id: string, byDefault: string | undefined): void {
  const told = async (params: string): Promise<readonly (string | undefined)[]> => {
    const { headers } = await oneCall(`{ ${id}: { ${params} } }`)
    return [headers['retry-after'], headers['retry-after-ms']]
  }

  test('`retry_after` is spelled in seconds, as a date, in ms, or left out', async () => {
    expect(await told('retry_after: 90s')).toEqual(['90', undefined])
    expect(await told('retry_after: 90s, retry_after_as: ms')).toEqual([undefined, '90000'])
    expect(await told('retry_after: 90s, retry_after_as: none')).toEqual([undefined, undefined])
    expect(await told('')).toEqual([byDefault, undefined])
    // A header of whole seconds never names too early a time.
    expect(await told('retry_after: 1500ms')).toEqual(['2', undefined])
  })

  test('as a date it is that long after the answer, on the clock of the run', async () => {
    const [date] = await told('retry_after: 90s, retry_after_as: date, takes: 10s')

    // The run begins at 11:00:00; the call is made in its first minute.
    expect(date).toMatch(/^Mon, 02 Mar 2026 11:0[12]:\d\d GMT$/)
  })

  test('a time to come back that is none, or no known spelling, is an error at its line', () => {
    expect(problemsOf(id, { retry_after: 'soon', retry_after_as: 'minutes' })).toEqual([
      '10: Expected a duration such as 90s or 1h30m, found the text "soon".',
      '11: Expected one of seconds, date, ms, none, found the text "minutes".',
    ])
  })
}

/** Facts of `body`: who speaks, the API or the edge in front of it. */
export function speaksInFiveVoices(id: string, status: number): void {
  const voice = (body: string): Promise<Seen> => oneCall(`{ ${id}: { body: ${body} } }`)

  test('`body` says who speaks: the API in its envelope, or the edge in a page, a problem, a line, or nothing', async () => {
    const [html, edgeJson, text, empty] = [
      await voice('html'),
      await voice('edge-json'),
      await voice('text'),
      await voice('empty'),
    ]

    expect(html.headers).toMatchObject({ 'content-type': 'text/html', server: 'cloudflare' })
    expect(html.body).toMatch(/^<(?:html|!DOCTYPE html)>/)
    expect(JSON.parse(edgeJson.body)).toMatchObject({ status, cloudflare_error: true, ray_id: expect.any(String) })
    expect(text.body).toMatch(/^Cloudflare encountered an error/)
    expect(empty).toMatchObject({ body: '', bytes: 0, message: `${status} status code (no body)` })
    for (const seen of [html, edgeJson, text, empty]) {
      expect(seen).toMatchObject({ settled: 'threw', status })
      // Who never reached the API has no id of it to ask about.
      expect(seen.headers['request-id']).toBeUndefined()
      expect(seen.thrown).toMatchObject({ type: null, requestID: null })
    }
  })

  test('a body of another shape is an error at its line', () => {
    expect(problemsOf(id, { body: 'xml' })).toEqual([
      '10: Expected one of json, html, edge-json, text, empty, found the text "xml".',
    ])
  })
}
