import { OpenAI } from 'openai'
import { defineIntegration } from '../model/integration.ts'

const model = 'gpt-5.4-mini'

/** The shipped client for OpenAI: the plain SDK with every default, on the Responses API as its own guide begins. */
export default defineIntegration<OpenAI>({
  name: 'bare-openai',
  assumes: { provider: 'openai' },
  start: () => new OpenAI(),
  perform: (openai, { prompt, stream }) => (stream ? streamed(openai, prompt) : whole(openai, prompt)),
})

async function whole(openai: OpenAI, prompt: string): Promise<string> {
  const response = await openai.responses.create({ model, input: prompt })
  return response.output_text
}

async function* streamed(openai: OpenAI, prompt: string) {
  const events = await openai.responses.create({ model, input: prompt, stream: true })
  for await (const event of events) if (event.type === 'response.output_text.delta') yield event.delta
}
