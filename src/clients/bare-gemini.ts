import { GoogleGenAI } from '@google/genai'
import { defineIntegration } from '../model/integration.ts'

const model = 'gemini-2.5-flash'

/** The shipped client for Gemini: the plain SDK with every default, which is to retry nothing. */
export default defineIntegration<GoogleGenAI>({
  name: 'bare-gemini',
  assumes: { provider: 'gemini' },
  start: () => new GoogleGenAI({}),
  perform: (gemini, { prompt, stream }) => (stream ? streamed(gemini, prompt) : whole(gemini, prompt)),
})

async function whole(gemini: GoogleGenAI, prompt: string): Promise<string> {
  const answer = await gemini.models.generateContent({ model, contents: prompt })
  return answer.text ?? ''
}

async function* streamed(gemini: GoogleGenAI, prompt: string) {
  const chunks = await gemini.models.generateContentStream({ model, contents: prompt })
  for await (const chunk of chunks) yield chunk.text ?? ''
}
