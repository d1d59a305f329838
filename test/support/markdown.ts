/** A fenced block of code. */
export interface Fence {
  /** The first word after the opening fence; empty for an untagged block. */
  readonly language: string
  readonly text: string
  /** Line of the page on which the block's text begins. */
  readonly line: number
}

/** A link to another place: a path, a `#heading`, or both. Addresses with a scheme are left out. */
export interface PageLink {
  readonly target: string
  readonly line: number
}

/** Fenced blocks of a page, in order. Throws when one is not closed. */
export function fencesOf(page: string): Fence[] {
  const fences: Fence[] = []
  const lines = page.split('\n')
  for (let at = 0; at < lines.length; at++) {
    const opening = /^(`{3,})(\S*)/.exec(lines[at] ?? '')
    if (!opening) continue
    const [, ticks = '', language = ''] = opening
    const end = lines.indexOf(ticks, at + 1)
    if (end === -1) throw new Error(`line ${at + 1}: the block that begins here is not closed`)
    fences.push({ language, text: `${lines.slice(at + 1, end).join('\n')}\n`, line: at + 2 })
    at = end
  }
  return fences
}

export function linksOf(page: string): PageLink[] {
  return proseLines(page).flatMap((text, index) =>
    [...text.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => ({ target, line: index + 1 }))
      .filter(({ target }) => !/^[a-z]+:/.test(target)),
  )
}

/** The names by which a page's headings are linked. */
export function anchorsOf(page: string): string[] {
  return proseLines(page)
    .filter(text => /^#+ /.test(text))
    .map(text =>
      text
        .replace(/^#+ /, '')
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
        .replaceAll(' ', '-'),
    )
}

/** The page's lines, with those in fences and what stands in backticks emptied. */
function proseLines(page: string): string[] {
  const lines = page.split('\n')
  for (const { text, line } of fencesOf(page)) {
    const length = text.split('\n').length - 1
    lines.fill('', line - 1, line - 1 + length)
  }
  return lines.map(text => text.replaceAll(/`[^`]*`/g, ''))
}
