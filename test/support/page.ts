/** An element of a page, as far as a test looks at it. */
export interface Element {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly parent: Element | undefined
  readonly children: Element[]
  /** All texts in it, in order. */
  text: string
}

const voids: ReadonlySet<string> = new Set(['meta', 'br', 'img', 'link', 'input', 'hr'])
const token = /<!doctype html>|<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)|(<)/g
const attribute = /([\w:-]+)="([^"<]*)"/g

/**
 * Reads a page that is written as strictly as XML: every element closed, every attribute in double quotes, no stray `<`
 * or `&`. Throws where it is not.
 */
export function parsePage(markup: string): Element {
  const root: Element = { name: '', attributes: new Map(), parent: undefined, children: [], text: '' }
  let open = root
  for (const [whole, slash, name = '', attributes = '', isEmpty, text, stray] of markup.matchAll(token)) {
    if (stray) throw new Error(`A stray < in <${open.name}>: ${markup.slice(0, 0)}${whole}`)
    if (text !== undefined) {
      if (open.name !== 'style' && /&(?!(?:amp|lt|gt|quot|#39);)/.test(text)) throw new Error(`A stray & in ${text}`)
      for (let one: Element | undefined = open; one; one = one.parent) one.text += unescaped(text)
    } else if (name !== '' && slash) {
      if (open.name !== name) throw new Error(`</${name}> closes <${open.name}>`)
      open = open.parent ?? root
    } else if (name !== '') {
      const pairs = [...attributes.matchAll(attribute)].map(
        ([, key = '', value = '']) => [key, unescaped(value)] as const,
      )
      const element: Element = { name, attributes: new Map(pairs), parent: open, children: [], text: '' }
      if (element.attributes.size !== pairs.length) throw new Error(`<${name}> has an attribute twice`)
      open.children.push(element)
      if (!isEmpty && !voids.has(name)) open = element
    }
  }
  if (open !== root) throw new Error(`<${open.name}> is not closed`)
  return root
}

/** All elements of a page, in order; of one name where that is given. */
export function elements(root: Element, name?: string): readonly Element[] {
  return root.children.flatMap(child => [
    ...(name === undefined || child.name === name ? [child] : []),
    ...elements(child, name),
  ])
}

function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}
