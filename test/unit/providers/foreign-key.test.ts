import { expect, test } from 'vitest'
import { canaryKeys, tokenStems } from '../../../src/providers/canary.ts'
import { foreignKeys } from '../../../src/providers/credential.ts'
import { providers } from '../../../src/providers/index.ts'
import { wired } from './wired.ts'

const said = JSON.stringify({
  model: 'any',
  max_tokens: 64,
  anthropic_version: 'any',
  messages: [{ role: 'user', content: '[q:t1] Hello?' }],
})
const vertexModels =
  'https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/us-east5/publishers/anthropic/models'

/** How each provider is asked with a key, and how it turns down one that it does not know. */
const askedWith: Readonly<Record<string, [url: string, header: string, body: string, status: number]>> = {
  anthropic: ['https://api.anthropic.com/v1/messages', 'x-api-key', said, 401],
  openai: ['https://api.openai.com/v1/chat/completions', 'authorization', said, 401],
  gemini: [
    'https://generativelanguage.googleapis.com/v1/models/gemini-2.5-flash:generateContent',
    'x-goog-api-key',
    '{"contents":[{"parts":[{"text":"[q:t1] Hello?"}]}]}',
    400,
  ],
  bedrock: [
    'https://bedrock-runtime.us-east-1.amazonaws.com/model/anthropic.claude-sonnet-4-5/invoke',
    'authorization',
    said,
    403,
  ],
  vertex: [`${vertexModels}/claude-sonnet-4-5:rawPredict`, 'authorization', said, 401],
}

test.each(providers.map(({ id }) => id))(
  'a key of %s opens its own API, and that of any other opens nothing and is known as what it is',
  async id => {
    const provider = providers.find(one => one.id === id)
    const [url, header, body, refused] = askedWith[id] ?? ['', '', '', 0]
    if (!provider) throw new Error(`No provider ${id}`)
    const { fetch, seen } = wired(provider)

    for (const [owner, key] of Object.entries(canaryKeys)) {
      const value = header === 'authorization' ? `Bearer ${key}` : key
      const headers = { [header]: value, 'anthropic-version': '2023-06-01', 'content-type': 'application/json' }
      const response = await fetch(url, { method: 'POST', headers, body })

      expect(seen.at(-1)?.recognised.key).toBe(owner === id ? 'canary' : `canary:${owner}`)
      expect(`${owner} ${response.status}`).toBe(`${owner} ${owner === id ? 200 : refused}`)
      expect(await response.text()).not.toContain(key)
    }
  },
)

test('another provider’s key is known in any header, whichever of them says who asks', () => {
  const own = { authorization: `Bearer ${canaryKeys['openai']}` }

  const keysIn = (provider: string, headers: Readonly<Record<string, string>>) => [
    ...foreignKeys({ provider, key: 'canary' }, headers),
  ]

  expect(keysIn('openai', own)).toEqual([])
  expect(keysIn('openai', { ...own, 'x-api-key': canaryKeys['anthropic'] ?? '' })).toEqual(['canary:anthropic'])
  expect(keysIn('openai', { ...own, cookie: `session=${tokenStems.vertex}.7; a=b` })).toEqual(['canary:vertex'])
  expect(keysIn('anthropic', { 'x-api-key': canaryKeys['anthropic'] ?? '', ...own })).toEqual(['canary:openai'])
  expect([...foreignKeys({ provider: 'gemini', key: 'canary:openai' }, {})]).toEqual(['canary:openai'])
})
