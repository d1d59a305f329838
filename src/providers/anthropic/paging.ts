import type { ApiError } from './errors.ts'

interface Thing {
  readonly id: string
}

/** A page of the API's older kind: so many from a neighbour's id on, in the list's own order. */
export function page<T extends Thing>(all: readonly T[], query: string | undefined) {
  const { limit, after, before } = asked(query)
  const afterAt = all.findIndex(({ id }) => id === after)
  const beforeAt = all.findIndex(({ id }) => id === before)
  const from = after === undefined ? 0 : afterAt < 0 ? all.length : afterAt + 1
  const until = before === undefined || beforeAt < 0 ? all.length : beforeAt
  const start = before === undefined ? from : Math.max(0, until - limit)
  const data = all.slice(start, before === undefined ? from + limit : until)
  const hasMore = before === undefined ? from + limit < all.length : start > 0
  return { data, has_more: hasMore, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null }
}

/** A page of the newer kind, which names the next one by a cursor of its own. */
export function cursorPage<T extends Thing>(all: readonly T[], query: string | undefined) {
  const params = new URLSearchParams(query)
  const ids = params.getAll('ids').concat(params.getAll('ids[]'))
  if (ids.length > 0) return { data: all.filter(({ id }) => ids.includes(id)), next_page: null }
  const { limit } = asked(query)
  const cursor = params.get('page')
  const from = cursor === null ? 0 : Number(Buffer.from(cursor, 'base64url').toString())
  const next = from + limit < all.length ? Buffer.from(String(from + limit)).toString('base64url') : null
  return { data: all.slice(from, from + limit), next_page: next }
}

/** What is wrong with the page that is asked for. */
export function pageFault(query: string | undefined): ApiError | undefined {
  const { limit, after, before } = asked(query)
  const message =
    after !== undefined && before !== undefined
      ? 'Only one of `after_id` and `before_id` may be given'
      : !Number.isInteger(limit)
        ? 'limit: Input should be a valid integer'
        : limit < 1
          ? 'limit: Input should be greater than or equal to 1'
          : limit > 1_000
            ? 'limit: Input should be less than or equal to 1000'
            : undefined
  return message === undefined ? undefined : { status: 400, type: 'invalid_request_error', message }
}

function asked(query: string | undefined) {
  const params = new URLSearchParams(query)
  return {
    limit: Number(params.get('limit') ?? 20),
    after: params.get('after_id') ?? undefined,
    before: params.get('before_id') ?? undefined,
  }
}
