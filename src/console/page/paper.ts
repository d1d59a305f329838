/**
 * Shows a paper in a window that was opened for it. A document that this page makes is under this page's policy, which
 * takes no style from within it: so its styles are handed over as sheets, and no script of it ever runs.
 */
export async function openPaper(target: Window | null, name: string, paper: Blob): Promise<void> {
  const text = await paper.text()
  if (!target) return savePaper(name, paper)
  const { document: to } = target
  // An empty window is in quirks mode, where a page does not look as it was written.
  to.open()
  to.write('<!doctype html>')
  to.close()
  // A sheet belongs to the window that has made it.
  const sheet: CSSStyleSheet = Reflect.construct(Reflect.get(target, 'CSSStyleSheet'), [])
  to.adoptedStyleSheets = [sheet]
  if (!name.endsWith('.html')) {
    const pre = to.createElement('pre')
    pre.textContent = text
    to.body.replaceChildren(pre)
    to.title = name
    sheet.replaceSync(':root { color-scheme: light dark } pre { white-space: pre-wrap; margin: 1rem }')
    return
  }
  const css: string[] = []
  const plain = text
    .replaceAll(/<style[^>]*>([\s\S]*?)<\/style>/gi, (_all, style: string) => {
      css.push(style)
      return ''
    })
    .replaceAll(/<script[\s\S]*?<\/script>/gi, '')
  const from = new DOMParser().parseFromString(plain, 'text/html')
  to.replaceChild(to.adoptNode(from.documentElement), to.documentElement)
  sheet.replaceSync(css.join('\n'))
}

export function savePaper(name: string, paper: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(paper)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
