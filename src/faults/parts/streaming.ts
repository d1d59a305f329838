import type { Param } from '../../model/param.ts'

/** Where in the answer it happens. */
export const afterParam = {
  kind: 'cut-point',
  says: 'How far the answer comes first: events, bytes, time, or inside a frame, a code point or tool JSON.',
  default: { events: 3 },
} as const satisfies Param
