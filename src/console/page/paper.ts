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
  if (!name.endsWith('.html')) {
    const pre = to.createElement('pre')
    pre.textContent = text
    to.body.replaceChildren(pre)
    to.title = name
    return
  }
  const css: string[] = []
  const plain = text
    .replaceAll(/<style[^>]*>([\s\S]*?)<\/style>/gi, (_all, sheet: string) => {
      css.push(sheet)
      return ''
    })
    .replaceAll(/<script[\s\S]*?<\/script>/gi, '')
  const from = new DOMParser().parseFromString(plain, 'text/html')
  to.replaceChild(to.adoptNode(from.documentElement), to.documentElement)
  // A sheet belongs to the window that has made it.
  const sheet: CSSStyleSheet = Reflect.construct(Reflect.get(target, 'CSSStyleSheet'), [])
  sheet.replaceSync(css.join('\n'))
  to.adoptedStyleSheets = [sheet]
}

export function savePaper(name: string, paper: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(paper)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
