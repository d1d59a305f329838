import { Anthropic } from '@anthropic-ai/sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { clientEnv, installEnv } from '../../../src/clients/env.ts'
import { providers } from '../../../src/providers/index.ts'

let before: Record<string, string | undefined>
beforeEach(() => {
  before = { ...process.env }
})
afterEach(() => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
  Object.assign(process.env, before)
})

test('every SDK finds a canary key and an address of its own', () => {
  const { set } = clientEnv(providers)

  expect(Object.keys(set)).toEqual(
    expect.arrayContaining([
      'ANTHROPIC_API_KEY',
      'ANTHROPIC_BASE_URL',
      'OPENAI_API_KEY',
      'OPENAI_BASE_URL',
      'GEMINI_API_KEY',
      'GOOGLE_API_KEY',
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
    ]),
  )
  expect(
    Object.entries(set)
      .filter(([name]) => /KEY/.test(name))
      .map(([, key]) => key),
  ).toSatisfy((keys: string[]) => keys.every(key => /canary/i.test(key)))
})

test("Anthropic's address is the one value that both of its SDKs read alike", () => {
  expect(clientEnv([]).set['ANTHROPIC_BASE_URL']).toBe('https://api.anthropic.com')
})

test("a provider's own variables win", () => {
  const [anthropic] = providers
  if (!anthropic) throw new Error('no provider')
  const env = { ANTHROPIC_BASE_URL: 'http://127.0.0.1:4010', ANTHROPIC_API_KEY: 'its-own' }

  expect(clientEnv([{ ...anthropic, env }]).set).toMatchObject(env)
})

test.each([
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_AUTH_TOKEN',
  'ANTHROPIC_CUSTOM_HEADERS',
  'CLAUDE_CODE_USE_BEDROCK',
  'OPENAI_ORG_ID',
  'AZURE_OPENAI_ENDPOINT',
  'AZURE_API_KEY',
  'GOOGLE_APPLICATION_CREDENTIALS',
  'GEMINI_API_KEY',
  'AWS_PROFILE',
  'BEDROCK_AWS_SECRET_ACCESS_KEY',
  'VERTEX_REGION_CLAUDE_HAIKU',
  'VERTEXAI_PROJECT',
  'HTTPS_PROXY',
  'https_proxy',
  'http_proxy',
  'ALL_PROXY',
  'no_proxy',
  'npm_config_https_proxy',
  'NODE_USE_ENV_PROXY',
  'LANGCHAIN_TRACING_V2',
  'LANGSMITH_API_KEY',
])('%s is cleared', name => {
  expect(clientEnv(providers).clear(name)).toBe(true)
})

test.each([
  'PATH',
  'HOME',
  'NODE_ENV',
  'NODE_OPTIONS',
  'DATABASE_URL',
  'AZURE_STORAGE_ACCOUNT',
  'MY_OPENAI_NOTES',
  'PROXY_PORT',
  'DRAWSCALE',
])('%s is left alone', name => {
  expect(clientEnv(providers).clear(name)).toBe(false)
})

test('while installed, the client sees canaries and none of what was cleared', () => {
  process.env['ANTHROPIC_API_KEY'] = 'sk-ant-real'
  process.env['ANTHROPIC_AUTH_TOKEN'] = 'real too'
  process.env['https_proxy'] = 'http://proxy:3128'
  process.env['OPENAI_BASE_URL'] = 'http://gateway'

  using _ = installEnv(clientEnv(providers))

  expect(new Anthropic()).toMatchObject({ apiKey: clientEnv(providers).set['ANTHROPIC_API_KEY'], authToken: null })
  expect(process.env['ANTHROPIC_AUTH_TOKEN']).toBeUndefined()
  expect(process.env['https_proxy']).toBeUndefined()
  expect(process.env['OPENAI_BASE_URL']).toBe('https://api.openai.com/v1')
})

test('the environment comes back exactly, whatever the client did to it', () => {
  process.env['ANTHROPIC_API_KEY'] = 'sk-ant-real'
  process.env['KEPT'] = 'as it was'
  process.env['EMPTY'] = ''
  const wanted = { ...process.env }

  const installed = installEnv(clientEnv(providers))
  process.env['KEPT'] = 'changed'
  process.env['NEW'] = 'from the client'
  delete process.env['EMPTY']
  installed.restore()

  expect({ ...process.env }).toEqual(wanted)
})

test('a second restore changes nothing', () => {
  const installed = installEnv(clientEnv(providers))
  installed.restore()
  process.env['LATER'] = 'set by the host'

  installed.restore()
  expect(process.env['LATER']).toBe('set by the host')
})
