/** One import or re-export of a module. */
export interface Import {
  readonly specifier: string
  /** `types` is erased, `static` is loaded with the module, `dynamic` when it is asked for. */
  readonly kind: 'types' | 'static' | 'dynamic'
}

export interface SourceText {
  /** The code with comments removed and every text in quotes replaced by its number in `texts`. */
  readonly code: string
  readonly texts: readonly string[]
}

const importPattern =
  /\b(import|export)\b(?!\.)(?:\s+(type)\b(?!\s*(?:from|,)))?([^;()'"=]*?\bfrom\s*|\s*\(?\s*)"(\d+)"/g

/** What a module imports, in order; the same module may come up more than once. */
export function importsOf({ code, texts }: SourceText): Import[] {
  return [...code.matchAll(importPattern)].map(([, , type, between = '', number]) => ({
    specifier: texts[Number(number)] ?? '',
    kind: type ? 'types' : between.includes('(') ? 'dynamic' : 'static',
  }))
}

/**
 * Splits TypeScript into code and quoted texts, so that a rule about code never trips over a comment or a message.
 * A scan, not a parser: a regular expression that holds a quote would mislead it until the end of that line.
 */
export function readSource(text: string): SourceText {
  const texts: string[] = []
  const open: number[] = []
  let code = ''
  let braces = 0
  let at = 0

  const quote = (content: string) => {
    code += `"${texts.push(content) - 1}"`
  }
  const template = () => {
    const start = at
    while (at < text.length && text[at] !== '`' && !text.startsWith('${', at)) at += text[at] === '\\' ? 2 : 1
    quote(text.slice(start, at))
    if (text[at] === '`') at++
    else {
      open.push(braces)
      code += '('
      at += 2
    }
  }

  while (at < text.length) {
    const char = text[at] ?? ''
    if (text.startsWith('//', at)) at = endOf(text, '\n', at)
    else if (text.startsWith('/*', at)) at = endOf(text, '*/', at + 2) + 2
    else if (char === '\\') at += 2
    else if (char === '`') {
      at++
      template()
    } else if (char === '}' && open.at(-1) === braces) {
      open.pop()
      code += ')'
      at++
      template()
    } else if (char === "'" || char === '"') {
      const start = ++at
      while (at < text.length && text[at] !== char && text[at] !== '\n') at += text[at] === '\\' ? 2 : 1
      quote(text.slice(start, at))
      at++
    } else {
      if (char === '{') braces++
      if (char === '}') braces--
      code += char
      at++
    }
  }
  return { code, texts }
}

function endOf(text: string, what: string, from: number): number {
  const index = text.indexOf(what, from)
  return index === -1 ? text.length : index
}
