import { runScenario } from 'blackstart'
import { test } from 'blackstart/vitest'
import { describe, expect } from 'vitest'
import { broken, hanging, hasty, limited, patient, quarter, sound } from './clients.ts'

const run = (integration: Parameters<typeof runScenario>[0]['integration'], scenario: string) =>
  runScenario({ integration, scenario })
/** What a user reads when it fails. */
const said = async (assertion: Promise<unknown> | (() => void)) => {
  try {
    await (typeof assertion === 'function' ? assertion() : assertion)
  } catch (error) {
    return String((error as Error).message)
  }
  return 'it held'
}

describe('toSurvive', () => {
  test('a sound client survives, and a patient one does not', async () => {
    await expect(sound).toSurvive(hanging)
    await expect(patient).not.toSurvive(hanging)
  })

  test('the failure tells what happened, where, with what evidence, and what to change', async () => {
    const text = await said(expect(patient).toSurvive('global-down', { users: 6 }))

    expect(text).toContain('patient did not survive global-down (seed 1): Failed:')
    expect(text).toMatch(/✗ settles \(fail, in blackout\)\n.*not settled within 1m/)
    expect(text).toMatch(/evidence: t\d+/)
    expect(text).toContain('→ Somebody waits on each of these')
    expect(text).toContain('fails api')
    expect(text).toMatch(/at a prompt: npx blackstart run global-down --client YOUR-CLIENT\.ts --users 6 --task t\d+/)
    expect(text).toContain('again: npx vitest run test/unit/vitest/matchers.test.ts')
  })

  test('what was to break and survived is told, too', async () => {
    expect(await said(expect(sound).not.toSurvive(quarter))).toMatch(
      /^sound survived quarter: \d+ tasks over .* of virtual time, 1 of 1 fault landed, seed 1/,
    )
  })

  test.for(['toSurvive', 'not.toSurvive'] as const)('%s: a client that does not work is not tested', async name => {
    const assertion = name === 'toSurvive' ? expect(broken) : expect(broken).not

    const text = await said(assertion.toSurvive(quarter))

    expect(text).toContain('broken was not tested by quarter (seed 1), so nothing is shown: Only 0 of')
    expect(text).toContain('does not work while all is well')
  })

  test('an outage that nobody felt is not survived', async () => {
    const elsewhere = quarter.replace('surface: api', 'surface: openai.api')

    expect(await said(expect(sound).toSurvive(elsewhere))).toContain('An outage that nobody feels is no test.')
  })

  test('a path of a scenario and of a client will do, and the command has both', async () => {
    const client = 'fixtures/clients/no-deadline.ts'

    const text = await said(expect(client).toSurvive('scenarios/shapes/global-down.yaml', { users: 3, seed: 2 }))

    expect(text).toMatch(
      /npx blackstart run scenarios\/shapes\/global-down\.yaml --client \S*fixtures\/clients\/no-deadline\.ts --seed 2/,
    )
  })

  test('what is no client, and what is no scenario, is refused', async () => {
    expect(await said(expect({}).toSurvive(quarter))).toContain('function `perform`')
    expect(await said(expect(sound).toSurvive('global-dwon'))).toContain('Did you mean global-down?')
    expect(await said(expect(sound).toSurvive('blackstart: 1\nid: X\n'))).toContain('phases')
  })

  test('its seed stands on the test', async ({ task }) => {
    await expect(sound).toSurvive(quarter, { seed: 5 })

    expect(task.annotations).toMatchObject([{ type: 'blackstart', message: 'quarter, seed 5' }])
  })
})

describe('of a result', () => {
  test('no findings', async () => {
    const result = await run(sound, quarter)
    const bad = await run(patient, hanging)

    expect(result).toHaveNoFindings({ severity: 'fail' })
    expect(bad).not.toHaveNoFindings({ oracle: 'settles' })
    expect(bad).toHaveNoFindings({ oracle: 'conduct' })
    expect(await said(() => expect(bad).toHaveNoFindings())).toContain('✗ settles (fail, in silent)')
    expect(await said(() => expect(bad).toHaveNoFindings({ oracle: 'settle' }))).toContain('Did you mean settles?')
  })

  test('what an oracle could not look at is not clean, nor is its opposite', async () => {
    const result = await run(sound, quarter)
    const one = { oracle: 'retry-after-honoured' }

    expect(await said(() => expect(result).toHaveNoFindings(one))).toContain('no error answer carried a retry-after')
    expect(await said(() => expect(result).not.toHaveNoFindings(one))).toContain('nothing was tested')
  })

  test('recovery', async () => {
    const result = await run(sound, quarter)

    expect(result).toRecoverWithin('2m')
    expect(result).toRecoverWithin('2m', 'api')
    expect(await said(() => expect(result).toRecoverWithin('2m', 'console'))).toContain('showed nothing of it')
    expect(await said(() => expect(result).toRecoverWithin('soon'))).toContain('"soon" is no length of time')
  })

  test('retry-after', async () => {
    expect(await run(sound, limited)).toHonourRetryAfter()
    const result = await run(hasty, limited)

    expect(result).not.toHonourRetryAfter()
    expect(await said(() => expect(result).toHonourRetryAfter())).toMatch(/✗ retry-after-honoured .*\n.*came before/)
    expect(await said(() => expect({}).toHonourRetryAfter())).toContain('Await it first.')
  })
})
