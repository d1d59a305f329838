import { type Html, html, type Piece } from './markup.ts'

const rowsShown = 400

/** A table with its heads; the columns named in `numbers` are flush right. Of very many rows the first are shown, and how many are not. */
export function dataTable(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly Piece[])[],
  numbers: readonly number[] = [],
): Html {
  const kind = (i: number) => (numbers.includes(i) ? html` class="n"` : undefined)
  const more = rows.length - rowsShown
  return html`<table><caption>${caption}${more > 0 && `; ${more} more rows are left out`}</caption>
<thead><tr>${heads.map((head, i) => html`<th scope="col"${kind(i)}>${head}</th>`)}</tr></thead>
<tbody>${rows.slice(0, rowsShown).map(
    ([first, ...rest]) =>
      html`<tr><th scope="row">${first}</th>${rest.map((cell, i) => html`<td${kind(i + 1)}>${cell}</td>`)}</tr>
`,
  )}</tbody></table>`
}

/** What is wider than a phone can be moved sideways, with a keyboard too. */
export function scrolled(name: string, content: Html): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${name}">${content}</div>`
}
