import { styleText } from 'node:util'

export type Style = 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold'

/** Colours a text, or leaves it alone. */
export type Paint = (style: Style, text: string) => string

/** A painter; with `color` false it returns every text unchanged. Whether to colour is the caller's to decide. */
export function painter(color: boolean): Paint {
  return color ? (style, text) => styleText(style, text, { validateStream: false }) : (_style, text) => text
}
