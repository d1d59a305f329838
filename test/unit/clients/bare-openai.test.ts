import { expect, test } from 'vitest'
import { clientNames } from '../../../src/clients/find-client.ts'
import { load, project } from './support.ts'

test("OpenAI's shipped client is found from anywhere, by its name alone", async () => {
  const cwd = project({ 'bare-openai.ts': 'throw new Error("not this one")' })

  expect((await load(cwd, 'bare-openai')).name).toBe('bare-openai')
  expect(clientNames([])).toContain('bare-openai')
})
