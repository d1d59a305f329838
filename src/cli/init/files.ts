import { dirname, posix, relative } from 'node:path'
import { clientModule } from './client-module.ts'
import type { NewFile, Plan } from './words.ts'

const scenarioFile = 'blackstart/outages/first-outage.yaml'
const testFile = 'blackstart/outage.test.ts'

/** Everything that `init` writes for a plan. `hasClient`: the client module is there, and is the app's own. */
export function filesOf(
  plan: Plan,
  { hasClient, hasGitlabFile }: { readonly hasClient: boolean; readonly hasGitlabFile: boolean },
): readonly NewFile[] {
  return [
    ...(hasClient ? [] : [{ path: plan.client, text: clientModule(plan.provider, plan.sdk) }]),
    { path: scenarioFile, text: scenario(plan) },
    { path: 'blackstart.config.ts', text: config(plan) },
    { path: testFile, text: test(plan) },
    ...(plan.ci === 'github' ? [{ path: '.github/workflows/blackstart.yml', text: githubWorkflow }] : []),
    // One that is there belongs to the project: ours is to be included in it.
    ...(plan.ci === 'gitlab'
      ? [{ path: hasGitlabFile ? '.gitlab/blackstart.yml' : '.gitlab-ci.yml', text: gitlabJob }]
      : []),
  ]
}

function scenario({ provider }: Plan): string {
  return `# yaml-language-server: $schema=../../node_modules/blackstart/scenario.schema.json
blackstart: 1
id: first-outage
title: Down for some minutes, then half up, then rationed
provider: ${provider}
tags: [ci]
phases:
  - { name: blackout, for: 5m, faults: [{ surface: api, fault: overloaded }] }
  - name: half-up
    for: 5m
    faults:
      - { surface: api, fault: unavailable, share: 40% }
      - { surface: api, fault: { slow-first-byte: { by: 12s } }, share: 20% }
  - name: rationed
    for: 5m
    limits:
      - { surface: api, requests: { from: 6/m, to: 120/m }, retry_after: { as: seconds } }
expect:
  - settles: { within: 45s }
  - recovers: { within: 3m }
`
}

function config({ client }: Plan): string {
  return `import { defineConfig } from 'blackstart'

export default defineConfig({
  client: './${client.split('\\').join('/')}',
  // What \`blackstart run\` runs when it is given nothing: ids of \`blackstart list\`, files and folders.
  scenarios: ['./blackstart/outages'],
  // How the app is used where a scenario does not say.
  workload: { users: 20, tasks: 600, tenants: 3 },
  // A finding you know of and live with for now is shown, and fails nothing. It needs a reason and should have an end:
  // { oracle: 'settles', scenario: 'first-outage', reason: 'waits for the new gateway', owner: 'ops', until: '2027-01-31' }
  accepted: [],
})
`
}

function test({ client }: Plan): string {
  const from = posix.join(
    relative(dirname(testFile), dirname(client)).split('\\').join('/') || '.',
    importName(posix.basename(client)),
  )
  const path = from.startsWith('.') ? from : `./${from}`
  return `import { fileURLToPath } from 'node:url'
import 'blackstart/vitest'
import { expect, test } from 'vitest'
import client from '${path}'

const outage = fileURLToPath(new URL('outages/first-outage.yaml', import.meta.url))

test('the app gets through its first outage', { timeout: 60_000 }, async () => {
  await expect(client).toSurvive(outage, { users: 20 })
})
`
}

/** As TypeScript wants it spelled, with or without a bundler: `client.js` for `client.ts`. */
function importName(file: string): string {
  return file.replace(/\.([cm]?)tsx?$/, '.$1js')
}

/** What both CIs write into the job's files. */
const report = 'blackstart-report'

const githubWorkflow = `name: outages
on:
  pull_request:
  push:
    branches: [main]

permissions:
  contents: read

jobs:
  outages:
    runs-on: ubuntu-latest
    timeout-minutes: 20
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-node@v5
        with:
          node-version: 24
      - run: npm ci
      - name: Run the app through the outages of blackstart.config.ts
        run: npx blackstart run --report terminal --report github --out ${report}
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: ${report}
          path: ${report}
`

const gitlabJob = `outages:
  image: node:24
  script:
    - npm ci
    - npx blackstart run --report terminal --out ${report}
  artifacts:
    when: always
    paths: [${report}]
    reports:
      junit: ${report}/junit.xml
`
