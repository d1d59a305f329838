import { type Evidence, linesLeftOut, type Place, shownLines } from '../post-incident/evidence.ts'
import type { StoryLine } from '../story.ts'
import { instant, spell } from '../text.ts'
import { anchor, type Html, html, type Piece } from './markup.ts'

/** Evidence as links to its story, where that is told. */
export function evidenceLinks(ids: readonly string[], { placeOf }: Evidence): Piece {
  return ids.map((id, i) => {
    const place = placeOf(id)
    return html`${i > 0 && ', '}${place === undefined ? id : html`<a href="#${anchorOf(place)}">${id}</a>`}`
  })
}

export function storyArticles({ stories }: Evidence): Html {
  return html`${stories.map(
    story => html`<article id="${anchorOf({ type: 'story', id: story.id })}"><h3>${story.head}</h3>
<ol class="story">${shownLines(story).map(line => (line ? lineOf(line) : leftOut(linesLeftOut(story))))}</ol></article>
`,
  )}`
}

function anchorOf({ type, id }: Place): string {
  return anchor(type, id)
}

function leftOut(says: string): Html {
  return html`<li><span></span><span class="since"></span><span class="soft">${says}</span></li>`
}

function lineOf({ t, sinceMs, depth, text, tone, attempt }: StoryLine): Html {
  const id = attempt === undefined ? undefined : anchorOf({ type: 'attempt', id: attempt })
  return html`<li${id !== undefined && html` id="${id}"`}><span class="time">${instant(t)}</span><span class="time since soft">+${spell(sinceMs)}</span><span class="d${depth}${tone && ` ${tone}`}">${text}</span></li>
`
}
