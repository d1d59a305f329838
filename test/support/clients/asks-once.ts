import { defineIntegration } from '../../../src/model/integration.ts'

/** A sound client: one request in time and whole, or an honest error. */
export default defineIntegration({
  name: 'asks-once',
  async perform(_, { prompt }) {
    const response = await send(prompt)
    const { content } = (await response.json()) as { content: { text: string }[] }
    const text = content.map(part => part.text).join('')
    if (text === '') throw new Error('nothing in it')
    return text
  },
  assumes: { workload: { streaming: 0 } },
})

/** One request of twenty seconds, at most. Throws for an answer that says no. */
export async function send(prompt: string): Promise<Response> {
  const response = await fetch('https://api.anthropic.com/v1/messages', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-api-key': process.env['ANTHROPIC_API_KEY'] ?? '',
      'anthropic-version': '2023-06-01',
    },
    body: JSON.stringify({
      model: 'claude-sonnet-4-5',
      max_tokens: 100,
      messages: [{ role: 'user', content: prompt }],
    }),
    signal: AbortSignal.timeout(20_000),
  })
  if (!response.ok) throw new Error(`status ${response.status}`)
  return response
}
