import { expect, test } from 'vitest'
import { anchor, html, prose } from '../../../../src/reports/html/markup.ts'

test('a text is never markup, wherever it stands', () => {
  const hostile = `"><script>alert('x')</script>&amp;`

  expect(html`<p title="${hostile}">${hostile}</p>`.markup).toBe(
    '<p title="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;">&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;</p>',
  )
})

test('markup in markup stays, lists are joined, and nothing is nothing', () => {
  expect(html`<ul>${['a', 'b'].map(text => html`<li>${text}</li>`)}${undefined}${false}${3}</ul>`.markup).toBe(
    '<ul><li>a</li><li>b</li>3</ul>',
  )
})

test('what a terminal would obey, or what turns the direction of a text, is blotted out', () => {
  expect(html`${'a\u001b[31mb\u0000\u202egnp.exe\ud800'}`.markup).toBe('a\ufffd[31mb\ufffd\ufffdgnp.exe\ufffd')
})

test('words in backticks are code, and a lone backtick is itself', () => {
  expect(html`${prose('set `maxRetries: <2>` and ` wait')}`.markup).toBe(
    'set <code>maxRetries: &lt;2&gt;</code> and ` wait',
  )
})

test('an anchor is fit for an id and for a link, whatever is named', () => {
  expect(anchor('story', 't12')).toBe('story-t12')
  expect(anchor('story', 'x" onclick="y')).toBe('story-x__onclick__y')
})
