import { expect, test } from 'vitest'
import { chosen, type ListedScenario, shelf } from '../../src/cli/shelf.ts'
import { cli } from '../support/cli.ts'

const rows = shelf()
const ids = (choice: Partial<Parameters<typeof chosen>[1]>) =>
  chosen(rows, { words: [], tags: [], provider: undefined, ...choice }).map(row => row.id)

test('list prints a line a scenario: id, shape, length, source, title, tags', async () => {
  const { code, stdout, stderr } = await cli(['list', '--provider', 'cloudflare'])

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatchInlineSnapshot(`
    "id                     shape               length  source               title                                                                                            tags
    cloudflare-2025-11-18  ▅▄▅▃▃▄▄▄▁·······  5 h 47 m  blog.cloudflare.com  Cloudflare on 18 November 2025, the edge fails and recovers every five minutes, then stays down  precedent, edge, flapping, auth
    cloudflare-2025-12-05  ▃▃▃▃▃▃▃▃▃▃······      40 m  blog.cloudflare.com  Cloudflare on 5 December 2025, 28% of the traffic gets a 500 for 25 minutes, always the same     precedent, edge, sticky, partial, short
    "
  `)
})

test('every row says what a person chooses by', () => {
  for (const row of rows) {
    expect(row).toMatchObject({ title: expect.stringMatching(/\S/), lengthMs: expect.any(Number) })
    expect(row.shape, row.id).toMatch(/^[▁▂▃▄▅▆▇█~·]{16}$/)
    expect(row.shape, row.id).toMatch(/[▁▂▃▄▅▆▇█]/)
    expect(row.tags.length, row.id).toBeGreaterThan(0)
    if (row.source === 'precedent') expect(row.sources.length, row.id).toBeGreaterThan(0)
  }
})

test('tags, a provider and words narrow the list, all at once', () => {
  expect(ids({ tags: ['relapse', 'hang'] })).toEqual(['second-outage'])
  expect(ids({ provider: 'gemini' })).toEqual(['gemini-2026-02-27'])
  // A cloud's shelf, whoever's wire it is told on.
  expect(ids({ provider: 'azure' }).every(id => id.startsWith('azure-'))).toBe(true)
  expect(ids({ words: ['REGION', 'vertex'] })).toContain('vertex-2025-06-12')
  expect(ids({ words: ['stall'], provider: 'openai' })).toEqual(['openai-2024-12-04'])
})

test('a choice that nothing meets is told with what there is', async () => {
  const said = async (...args: string[]) => (await cli(['list', ...args])).stderr

  expect(await said('--tag', 'relaps')).toBe('blackstart: No scenario has the tag "relaps".\n  Did you mean relapse?\n')
  expect(await said('--provider', 'opnai')).toBe('blackstart: No scenario befalls "opnai".\n  Did you mean openai?\n')
  expect(await said('nonsense')).toContain('No scenario is all of: nonsense.')
})

test('list --json has the same with all there is to know', async () => {
  const { stdout } = await cli(['list', '--json', 'claude-2026-03-11'])
  const [row, ...more]: ListedScenario[] = JSON.parse(stdout)

  expect(row?.id).toBe('claude-2026-03-11')
  expect(more.map(({ id }) => id)).toEqual(['credential-plane'])
  expect(row).toMatchObject({ needs: 'signs-in', source: 'precedent', precedent: 'claude-2026-03-11-session-db' })
})
