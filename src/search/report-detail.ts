import type { AppReport } from '../journal/event.ts'

/** A text field of what a hook told. */
export function detailOf({ detail }: AppReport, name: string): string | undefined {
  if (typeof detail !== 'object' || detail === null) return undefined
  const value: unknown = Reflect.get(detail, name)
  return typeof value === 'string' ? value : undefined
}
