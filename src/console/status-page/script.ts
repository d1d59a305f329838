/**
 * Brings a page that is open up to date, and says so. A page is whole without it. What it finds unchanged it leaves alone,
 * for whoever reads or has marked a passage; where the page cannot be had, the old one stays, and its age is told.
 */
export const script = `
const everyMs = Number(document.body.dataset.everyMs)
const news = document.getElementById('news')
let asks = false
async function look() {
  if (asks || document.hidden) return
  asks = true
  try {
    const response = await fetch(location.href, { cache: 'no-store' })
    if (!response.ok) throw new Error(response.statusText)
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html')
    for (const id of ['pages', 'page', 'as-of']) {
      const [old, now] = [document.getElementById(id), fresh.getElementById(id)]
      if (!old || !now || old.innerHTML === now.innerHTML) continue
      old.innerHTML = now.innerHTML
      if (id === 'page') news.textContent = 'The page has changed.'
    }
    if (news.textContent.startsWith('No answer')) news.textContent = ''
    document.title = fresh.title
  } catch {
    const words = 'No answer: what stands here may be old.'
    if (news.textContent !== words) news.textContent = words
  } finally {
    asks = false
  }
}
setInterval(look, everyMs)
document.addEventListener('visibilitychange', look)
`
