/** The look of every page: nobody's own. Colours go with words, and have the contrast that WCAG AA asks for. */
export const style = `
:root {
  color-scheme: light dark;
  --ground: #f5f6f8; --panel: #ffffff; --text: #1c2430; --soft: #4d5866; --line: #d4d9e0; --link: #0b5cad;
  --none: #17754a; --minor: #8a5a00; --major: #a84300; --critical: #b3261e; --care: #1f63b5; --on: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #10151b; --panel: #181f27; --text: #e6ebf1; --soft: #aab4c0; --line: #35404d; --link: #7cb8ff;
    --none: #45c98b; --minor: #e3ac43; --major: #f59a5c; --critical: #ff8078; --care: #6cabf7; --on: #10151b;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
}
header, main, footer { max-width: 46rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 1.5rem; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.15rem; margin: 0 0 .7rem; }
h3 { font-size: 1rem; margin: 0 0 .2rem; overflow-wrap: anywhere; }
p, ul, ol { margin: 0 0 .8rem; }
a { color: var(--link); }
a:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.soft { color: var(--soft); font-size: .9rem; }
.exercise { border: 1px dashed var(--soft); border-radius: .4rem; padding: .3rem .7rem; font-size: .9rem; color: var(--soft); }
nav ul { display: flex; flex-wrap: wrap; gap: .4rem; list-style: none; padding: 0; }
nav a { display: inline-block; padding: .3rem .8rem; border: 1px solid var(--line); border-radius: .4rem; background: var(--panel); }
nav a[aria-current] { color: var(--text); border-color: var(--text); font-weight: 650; text-decoration: none; }
.banner {
  margin: 0 0 1.2rem; padding: .9rem 1rem; border-radius: .5rem; font-size: 1.15rem; font-weight: 650;
  background: var(--none); color: var(--on);
}
.banner.minor { background: var(--minor); } .banner.major { background: var(--major); } .banner.critical { background: var(--critical); }
section { background: var(--panel); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; margin: 0 0 1.2rem; }
section > :last-child, article > :last-child { margin-bottom: 0; }
ul.components { list-style: none; padding: 0; }
ul.components li {
  display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; padding: .5rem 0; border-top: 1px solid var(--line);
}
ul.components li:first-child { border-top: 0; }
ul.components span { overflow-wrap: anywhere; }
.operational { color: var(--none); } .degraded_performance { color: var(--minor); } .partial_outage { color: var(--major); }
.major_outage { color: var(--critical); } .under_maintenance { color: var(--care); }
.status { font-weight: 650; }
article { border-top: 1px solid var(--line); padding: .9rem 0; }
article:first-of-type { border-top: 0; padding-top: 0; }
article:last-child { padding-bottom: 0; }
ol.updates { list-style: none; padding: 0; }
ol.updates li { margin: 0 0 .6rem; padding-left: .8rem; border-left: 3px solid var(--line); overflow-wrap: anywhere; }
ol.updates .says { white-space: pre-line; }
time { font-variant-numeric: tabular-nums; }
ol.updates time { display: block; color: var(--soft); font-size: .86rem; }
footer { padding-bottom: 2rem; color: var(--soft); font-size: .88rem; }
@media print {
  :root {
    --ground: #ffffff; --panel: #ffffff; --text: #000000; --soft: #3d4650; --line: #b9c0c9; --link: #0b3f78;
    --none: #17754a; --minor: #8a5a00; --major: #a84300; --critical: #b3261e; --care: #1f63b5; --on: #ffffff;
  }
  header, main, footer { max-width: none; padding: 0; }
  nav { display: none; }
  section { border: 0; padding: 0; }
  .banner { background: none; color: var(--text); border: 2px solid var(--text); }
  article, li { break-inside: avoid; }
}
`
