import { render } from 'preact'
import { Feed } from './feed.ts'
import { Page } from './page.tsx'
import { placeOf } from './place.ts'

const host = document.querySelector('#console')
const place = placeOf(location)
// A new token in the address bar is another page, though browsers only move within this one.
addEventListener('hashchange', () => location.reload())

if (host && place) {
  const feed = new Feed(place.token)
  render(<Page feed={feed} place={place} />, host)
  void feed.run()
} else if (host) {
  render(
    <main class="panel">
      <h1>Game day</h1>
      <p>This page needs the whole address that the tool has printed, with what comes after the #.</p>
    </main>,
    host,
  )
}
