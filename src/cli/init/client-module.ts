import type { ProviderName, Sdk } from './words.ts'

/** The text of a client module that asks `provider` with `sdk`, and gives up in time. */
export function clientModule(provider: ProviderName, sdk: Sdk): string {
  const { imports, start, answer } = parts(provider, sdk)
  return `${imports}import { defineIntegration } from 'blackstart'

// The app under test. Put your own code in place of what follows: start it in \`start\`, ask it in \`perform\`. Every
// request that it makes in a run is answered by blackstart, as the provider would answer in the outage.
export default defineIntegration({
  name: 'my-app',
${provider === 'anthropic' ? '' : `  assumes: { provider: '${provider}' },\n`}  start: ${start},
  perform: (app, { prompt }, { signal }) => answer(app, prompt, AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)])),
})

/** Whoever waits is told after this long, whatever the provider does. */
const deadlineMs = 30_000

${answer}`
}

interface Parts {
  readonly imports: string
  /** What \`start\` is. */
  readonly start: string
  /** The function \`answer\`. */
  readonly answer: string
}

function parts(provider: ProviderName, sdk: Sdk): Parts {
  if (sdk === 'ai') return aiSdk(provider)
  if (sdk === 'langchain') return langchain(provider)
  return sdk === 'own' ? ownSdk(provider) : plainFetch(provider)
}

const models: Readonly<Record<ProviderName, string>> = {
  anthropic: 'claude-sonnet-5-5',
  openai: 'gpt-5.4-mini',
  gemini: 'gemini-2.5-flash',
  bedrock: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
  vertex: 'claude-sonnet-4-5@20250929',
}

const anthropicSdks = {
  anthropic: { from: '@anthropic-ai/sdk', name: 'Anthropic' },
  bedrock: { from: '@anthropic-ai/bedrock-sdk', name: 'AnthropicBedrock' },
  vertex: { from: '@anthropic-ai/vertex-sdk', name: 'AnthropicVertex' },
} as const

function ownSdk(provider: ProviderName): Parts {
  const model = models[provider]
  if (provider === 'openai')
    return {
      imports: `import { OpenAI } from 'openai'\n`,
      start: '() => new OpenAI({ maxRetries: 1, timeout: 20_000 })',
      answer: `async function answer(openai: OpenAI, prompt: string, signal: AbortSignal) {
  const response = await openai.responses.create({ model: '${model}', input: prompt }, { signal })
  return response.output_text
}
`,
    }
  if (provider === 'gemini')
    return {
      imports: `import { GoogleGenAI } from '@google/genai'\n`,
      start: '() => new GoogleGenAI({})',
      answer: `async function answer(gemini: GoogleGenAI, prompt: string, abortSignal: AbortSignal) {
  const response = await gemini.models.generateContent({ model: '${model}', contents: prompt, config: { abortSignal } })
  return response.text
}
`,
    }
  const { from, name } = anthropicSdks[provider]
  return {
    imports: `import { ${name} } from '${from}'\n`,
    start: `() => new ${name}({ maxRetries: 1, timeout: 20_000 })`,
    answer: `function answer(anthropic: ${name}, prompt: string, signal: AbortSignal) {
  return anthropic.messages.create(
    { model: '${model}', max_tokens: 512, messages: [{ role: 'user', content: prompt }] },
    { signal },
  )
}
`,
  }
}

const aiProviders: Readonly<Partial<Record<ProviderName, { readonly from: string; readonly create: string }>>> = {
  anthropic: { from: '@ai-sdk/anthropic', create: 'createAnthropic' },
  openai: { from: '@ai-sdk/openai', create: 'createOpenAI' },
  gemini: { from: '@ai-sdk/google', create: 'createGoogleGenerativeAI' },
}

function aiSdk(provider: ProviderName): Parts {
  const library = aiProviders[provider]
  if (!library) return ownSdk(provider)
  return {
    imports: `import { ${library.create} } from '${library.from}'\nimport { generateText, type LanguageModel } from 'ai'\n`,
    // Before a run the variables that it reads its key and its address from are not set.
    start: `() => ${library.create}()('${models[provider]}')`,
    answer: `async function answer(model: LanguageModel, prompt: string, abortSignal: AbortSignal) {
  const { text } = await generateText({ model, prompt, maxRetries: 1, abortSignal })
  return text
}
`,
  }
}

const chatModels: Readonly<Partial<Record<ProviderName, { readonly from: string; readonly name: string }>>> = {
  anthropic: { from: '@langchain/anthropic', name: 'ChatAnthropic' },
  openai: { from: '@langchain/openai', name: 'ChatOpenAI' },
  gemini: { from: '@langchain/google-genai', name: 'ChatGoogleGenerativeAI' },
}

function langchain(provider: ProviderName): Parts {
  const library = chatModels[provider]
  if (!library) return ownSdk(provider)
  return {
    imports: `import { ${library.name} } from '${library.from}'\n`,
    start: `() => new ${library.name}({ model: '${models[provider]}', maxRetries: 1 })`,
    answer: `async function answer(model: ${library.name}, prompt: string, signal: AbortSignal) {
  const { text } = await model.invoke(prompt, { signal })
  return text
}
`,
  }
}

const requests: Readonly<Partial<Record<ProviderName, string>>> = {
  anthropic: `  const response = await fetch(\`\${env['ANTHROPIC_BASE_URL']}/v1/messages\`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-api-key': env['ANTHROPIC_API_KEY'] ?? '',
      'anthropic-version': '2023-06-01',
    },
    body: JSON.stringify({ model: '${models.anthropic}', max_tokens: 512, messages: [{ role: 'user', content: prompt }] }),
    signal,
  })`,
  openai: `  const response = await fetch(\`\${env['OPENAI_BASE_URL']}/chat/completions\`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: \`Bearer \${env['OPENAI_API_KEY']}\` },
    body: JSON.stringify({ model: '${models.openai}', messages: [{ role: 'user', content: prompt }] }),
    signal,
  })`,
  gemini: `  const base = \`\${env['GOOGLE_GEMINI_BASE_URL']}/v1beta/models/${models.gemini}\`
  const response = await fetch(\`\${base}:generateContent\`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': env['GEMINI_API_KEY'] ?? '' },
    body: JSON.stringify({ contents: [{ role: 'user', parts: [{ text: prompt }] }] }),
    signal,
  })`,
}

const texts: Readonly<Partial<Record<ProviderName, string>>> = {
  anthropic: '(await response.json()).content[0].text',
  openai: '(await response.json()).choices[0].message.content',
  gemini: '(await response.json()).candidates[0].content.parts[0].text',
}

function plainFetch(provider: ProviderName): Parts {
  const request = requests[provider]
  const text = texts[provider]
  if (request === undefined || text === undefined) return ownSdk(provider)
  return {
    imports: '',
    start: '({ env }) => env',
    answer: `async function answer(env: Readonly<Record<string, string>>, prompt: string, signal: AbortSignal) {
${request}
  if (!response.ok) throw new Error(\`The provider answered \${response.status}.\`)
  return ${text} as string
}
`,
  }
}
