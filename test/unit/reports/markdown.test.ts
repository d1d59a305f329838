import { expect, test } from 'vitest'
import { reports } from '../../../src/reports/index.ts'
import { aFinding, foundDocument, partsOf, runDocument } from '../../support/documents.ts'

test('one line, a table worst first, then what was found and how to see it again', () => {
  const text = reports.markdown.several(
    partsOf(
      runDocument({ scenario: { id: 'calm', file: null } }),
      foundDocument([
        aFinding({ severity: 'warn', oracle: 'order' }),
        aFinding(),
        aFinding({ oracle: 'fairness', accepted: { reason: 'known', owner: 'ops', until: '2027-01-31' } }),
      ]),
    ),
    { color: false, notices: ['The accepted finding order did not occur.'] },
  )

  expect(text).toMatchInlineSnapshot(`
    "### blackstart: 1 passed, 1 failed

    | scenario | verdict | tasks | attempts | simulated | findings |
    |---|---|---:|---:|---:|---|
    | \`down\` | ❌ fail | 20 | 30 | 1 m | settles, order (warn), fairness (accepted) |
    | \`calm\` | ✅ pass | 20 | 30 | 1 m |  |

    > The accepted finding order did not occur.

    <details open><summary><b>down</b>: Failed: order, settles, fairness.</summary>

    Client assistant, seed 1.

    - **settles** (fail, in blackout): 3 tasks never settled.<br>
      evidence: t1, t2<br>
      → Give every task a deadline.

    - **order** (warn, in blackout): 3 tasks never settled.<br>
      evidence: t1, t2<br>
      → Give every task a deadline.

    - **fairness** (accepted, in blackout): 3 tasks never settled.<br>
      evidence: t1, t2<br>
      accepted: known (ops) until 2027-01-31

    \`\`\`sh
    npx blackstart run outages/down.yaml --seed 1
    \`\`\`

    </details>
    "
  `)
})

test('no text of a finding is markup, a mention or another cell', () => {
  const message = 'a | b\n<script>@team *x* `c` [l](http://x) # h'
  const text = reports.markdown.several(partsOf(foundDocument([aFinding({ message })])), { color: false })

  expect(text).toContain('a \\| b &lt;script\\>@\u200bteam \\*x\\* \\`c\\` \\[l\\](http://x) \\# h')
})

test('a command with backticks stays in its block', () => {
  const text = reports.markdown.several(
    partsOf(foundDocument([aFinding()], { replay: "npx blackstart run './a```b.yaml'" })),
    { color: false },
  )

  expect(text).toContain("````sh\nnpx blackstart run './a```b.yaml'\n````")
})

test('control characters of a client are shown as such, and reach no terminal', () => {
  const message = 'lost \u0000\u0007\u001b[31mred'
  const text = reports.markdown.several(partsOf(foundDocument([aFinding({ message })])), { color: false })

  expect(text).toContain('lost \ufffd\ufffd\ufffd\\[31mred')
})
