import { own } from './markup.ts'

/**
 * The look of a page: light or dark as the reader has it, on a phone and in print. Colours that carry a meaning have a
 * word beside them; against their ground they have the contrast that WCAG AA asks for, text 4.5 and shapes 3.
 */
export const style = own(`
:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --panel: #ffffff; --text: #1b2430; --soft: #4d5866; --line: #d5dae1; --link: #0b5cad;
  --good: #17754a; --amber: #9a6200; --blue: #1f63b5; --bad: #b3261e; --violet: #6b4bb8; --pink: #a8306f;
  --grey: #59636f; --brown: #7a4a1e; --teal: #0f6f70; --band: #eef1f5; --on: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #10151b; --panel: #181f27; --text: #e6ebf1; --soft: #aab4c0; --line: #35404d; --link: #7cb8ff;
    --good: #45c98b; --amber: #e3ac43; --blue: #6cabf7; --bad: #ff8078; --violet: #b79bf5; --pink: #f288bf;
    --grey: #a3adb9; --brown: #d8a06c; --teal: #58c7c4; --band: #1e2731; --on: #10151b;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body {
  margin: 0; background: var(--ground); color: var(--text);
  font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
}
header, main, footer, nav { max-width: 68rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .4rem; text-wrap: balance; }
h2 { font-size: 1.3rem; margin: 0 0 .9rem; }
h3 { font-size: 1.02rem; margin: 0 0 .4rem; }
p, ul, ol { margin: 0 0 .8rem; }
p { overflow-wrap: anywhere; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
code, .time { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .86em; }
.time { white-space: nowrap; font-variant-numeric: tabular-nums; }
.soft { color: var(--soft); }
section > :last-child { margin-bottom: 0; }
section { background: var(--panel); border: 1px solid var(--line); border-radius: .6rem; padding: 1.25rem; margin: 0 0 1.25rem; }
nav { margin-bottom: 1.25rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; list-style: none; padding: 0; margin: 0; }
nav a { display: inline-block; padding: .25rem 0; }
.verdict { display: flex; flex-wrap: wrap; align-items: baseline; gap: .6rem; margin: .9rem 0; }
.pill {
  display: inline-block; padding: .05rem .6rem; border-radius: 1rem; font-size: .82rem; font-weight: 650;
  background: var(--grey); color: var(--on); white-space: nowrap;
}
.pill.pass { background: var(--good); } .pill.fail { background: var(--bad); }
.pill.warn, .pill.inconclusive { background: var(--amber); } .pill.accepted { background: var(--blue); }
dl.facts { display: flex; flex-wrap: wrap; gap: .3rem 1.6rem; margin: 0 0 1.2rem; }
dl.facts div { min-width: 0; }
dl.facts dt { font-size: .78rem; color: var(--soft); }
dl.facts dd { margin: 0; overflow-wrap: anywhere; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: .8rem; margin: 0; }
.figures div { border-left: 3px solid var(--line); padding-left: .7rem; }
.figures dt { color: var(--soft); font-size: .86rem; line-height: 1.35; }
.figures dd { margin: 0; font-size: 1.3rem; font-weight: 650; line-height: 1.35; }
.figures dd.note { font-size: .84rem; font-weight: 400; color: var(--soft); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
caption { text-align: left; color: var(--soft); padding-bottom: .3rem; }
th, td { text-align: left; vertical-align: top; padding: .38rem .8rem .38rem 0; border-bottom: 1px solid var(--line); }
thead th { color: var(--soft); font-weight: 600; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
figure { margin: 0 0 1.6rem; }
figure:last-child { margin-bottom: 0; }
figcaption { margin-bottom: .35rem; }
figcaption h3 { margin: 0; }
svg rect { shape-rendering: crispEdges; }
svg.plot { display: block; width: 100%; overflow: hidden; }
svg text { font: 12px system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif; fill: var(--text); }
svg text.soft { fill: var(--soft); }
svg text.name { font-weight: 600; }
svg .band { fill: var(--band); }
svg .rule { stroke: var(--line); stroke-width: 1; }
svg .edge { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 2 3; }
svg .zero { stroke: var(--soft); stroke-width: 1; }
.c-good { fill: var(--good); background: var(--good); } .c-amber { fill: var(--amber); background: var(--amber); }
.c-blue { fill: var(--blue); background: var(--blue); } .c-bad { fill: var(--bad); background: var(--bad); }
.c-violet { fill: var(--violet); background: var(--violet); } .c-pink { fill: var(--pink); background: var(--pink); }
.c-grey { fill: var(--grey); background: var(--grey); } .c-brown { fill: var(--brown); background: var(--brown); }
.c-teal { fill: var(--teal); background: var(--teal); }
ul.legend { display: flex; flex-wrap: wrap; gap: .15rem 1.1rem; list-style: none; padding: 0; margin: .4rem 0; font-size: .86rem; }
ul.legend i { display: inline-block; width: .75rem; height: .75rem; border-radius: .15rem; margin-right: .4rem; vertical-align: -.06rem; }
details { font-size: .92rem; }
summary { cursor: pointer; color: var(--link); width: fit-content; }
details[open] > summary { margin-bottom: .5rem; }
blockquote { margin: 0 0 .8rem; padding: .1rem 0 .1rem .9rem; border-left: 3px solid var(--link); }
#scorecard h3, #scorecard .scroll + p { margin-top: 1.1rem; }
article { border-top: 1px solid var(--line); padding: 1rem 0; }
article:first-of-type { border-top: 0; padding-top: 0; }
article:last-child { padding-bottom: 0; }
article h3 .pill { margin-left: .4rem; }
article p:last-child { margin-bottom: 0; }
:target { scroll-margin-top: 1rem; background: var(--band); outline: .4rem solid var(--band); border-radius: .2rem; }
ol.story, ol.moments { list-style: none; padding: 0; margin: 0; font-size: .92rem; }
ol.story li { display: grid; grid-template-columns: 5.2rem 4.6rem 1fr; gap: .6rem; padding: .1rem 0; }
ol.story .d1 { padding-left: 1rem; } ol.story .d2 { padding-left: 2rem; }
.good { color: var(--good); } .bad { color: var(--bad); } .odd { color: var(--amber); }
ol.moments li { display: grid; grid-template-columns: 5.2rem 6.2rem 1fr; gap: .6rem; padding: .28rem 0; border-bottom: 1px solid var(--line); }
ol.moments li > span:last-child, ol.story li > span:last-child { overflow-wrap: anywhere; min-width: 0; }
.fill { border: 1px dashed var(--grey); border-radius: .4rem; padding: .5rem .8rem; min-height: 4.5rem; color: var(--soft); margin: 0; }
#actions th:first-child { width: 2.5rem; }
#actions td:nth-child(2) { min-width: 17rem; }
#actions td:nth-child(3) { min-width: 7rem; }
#actions td:nth-child(n + 4) { min-width: 5.5rem; }
pre { margin: 0; padding: .8rem; background: var(--band); border-radius: .4rem; overflow-x: auto; font-size: .84rem; line-height: 1.45; }
pre + pre { margin-top: .6rem; }
footer { padding-bottom: 2rem; font-size: .86rem; color: var(--soft); }
@media (max-width: 40rem) {
  header, main, footer, nav { padding: 0 .8rem; }
  header { padding-top: 1.2rem; }
  h1 { font-size: 1.45rem; }
  section { padding: .9rem; }
  .wide { display: none; }
  #scorecard table { min-width: 34rem; }
  ol.story li { grid-template-columns: 4.6rem 1fr; } ol.story li > .since { display: none; }
  ol.story .d1 { padding-left: .5rem; } ol.story .d2 { padding-left: 1rem; }
  ol.moments li { grid-template-columns: 4.6rem 1fr; } ol.moments li > span:last-child { grid-column: 1 / -1; }
  .figures { grid-template-columns: 1fr 1fr; }
}
@media print {
  :root {
    --ground: #ffffff; --panel: #ffffff; --text: #000000; --soft: #3d4650; --line: #b9c0c9; --link: #0b3f78;
    --good: #17754a; --amber: #9a6200; --blue: #1f63b5; --bad: #b3261e; --violet: #6b4bb8; --pink: #a8306f;
    --grey: #59636f; --brown: #7a4a1e; --teal: #0f6f70; --band: #f1f3f6; --on: #ffffff;
  }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { font-size: 10.5pt; }
  header, main, footer { max-width: none; padding: 0; }
  nav, figure details, summary { display: none; }
  details::details-content { content-visibility: visible; display: block; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  section { border: 0; padding: 0; margin: 0 0 1.4rem; }
  figure, article, tr, .figures div { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  a { text-decoration: none; }
  .fill { min-height: 8rem; }
}
`)
