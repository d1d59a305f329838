import { visible } from '../text.ts'

/** Markup in which every text was escaped: only {@link html} makes it. */
export class Html {
  readonly markup: string

  constructor(markup: string) {
    this.markup = markup
  }

  toString(): string {
    return this.markup
  }
}

/** What may stand in a template; `undefined` and `false` are nothing. */
export type Piece = string | number | Html | undefined | false | readonly Piece[]

/** Markup with texts in it, none of which is markup. Attributes must be in double quotes. */
export function html(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  return new Html(parts.reduce((all, part, i) => `${all}${spelled(pieces[i - 1])}${part}`))
}

/** Markup of our own, as it is. */
export function own(markup: string): Html {
  return new Html(markup)
}

function spelled(piece: Piece): string {
  if (piece === undefined || piece === false) return ''
  if (piece instanceof Html) return piece.markup
  if (typeof piece === 'number') return String(piece)
  return typeof piece === 'string' ? escaped(piece) : piece.map(spelled).join('')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Neither markup, nor what turns the direction of all that follows. */
function escaped(text: string): string {
  return visible(text.toWellFormed())
    .replace(/[\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"']/g, character => entities[character] ?? '')
}

/** An `id` for something named in a journal, whatever its name is. */
export function anchor(kind: string, name: string): string {
  return `${kind}-${name.replace(/[^\w-]/g, '_')}`
}

/** Prose in which `words in backticks` are code. */
export function prose(text: string): Piece {
  return text.split('`').map((part, i, all) => {
    // A backtick without its fellow is one.
    if (i % 2 === 1 && i === all.length - 1) return `\`${part}`
    return i % 2 === 1 ? html`<code>${part}</code>` : part
  })
}
