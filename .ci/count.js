// node .ci/count.js BROKEN FOLDER: adds up vitest's JSON reports in FOLDER and prints the counts as one line. A test that
// one run skipped and another ran counts as run. BROKEN steps that no failed test explains count as failed all the same.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

const [broken, folder] = process.argv.slice(2)
const outcomes = new Map()
const rank = { skipped: 0, passed: 1, failed: 2 }

for (const name of readdirSync(folder)) {
  const report = JSON.parse(readFileSync(join(folder, name), 'utf8'))
  for (const file of report.testResults) {
    const path = relative(process.cwd(), file.name)
    for (const { fullName, status } of file.assertionResults) note(`${path} ${fullName}`, status in rank ? status : 'skipped')
    // A file that could not be loaded, or whose preparation failed, has no failed test to show for it.
    const isExplained = file.assertionResults.some(({ status }) => status === 'failed')
    if (file.status === 'failed' && !isExplained) note(path, 'failed')
  }
}

function note(test, status) {
  const known = outcomes.get(test)
  if (known === undefined || rank[status] > rank[known]) outcomes.set(test, status)
}

const count = status => [...outcomes.values()].filter(outcome => outcome === status).length
const failed = Math.max(count('failed'), Number(broken))
const skipped = count('skipped')

for (const [test, status] of outcomes) if (status !== 'passed') console.log(`${status}: ${test}`)
console.log(`${count('passed')} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exit(failed > 0 || count('passed') === 0 ? 1 : 0)
