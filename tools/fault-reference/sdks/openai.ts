import { OpenAI } from 'openai'
import { retries, type Sdk } from '../sdk.ts'

export const openaiSdk: Sdk = {
  name: 'OpenAI SDK',
  provider: 'openai',
  whole: 'chat.completions.create()',
  streamed: 'for await (… of chat.completions.create({ stream: true }))',
  packages: ['openai'],
  async call({ prompt, headers }, how, got) {
    const client = new OpenAI({ ...retries(how), logLevel: 'off', defaultHeaders: headers })
    const body = { model: 'gpt-5', messages: [{ role: 'user' as const, content: prompt }] }
    if (!how.stream) {
      // Not always what its type says.
      const completion: Partial<OpenAI.ChatCompletion> | string | undefined = await client.chat.completions.create(body)
      if (typeof completion === 'string') got.text = completion
      else if (completion?.choices) {
        got.text = completion.choices[0]?.message.content ?? ''
        got.finish = completion.choices[0]?.finish_reason
      }
      return
    }
    got.text = ''
    for await (const { choices } of await client.chat.completions.create({ ...body, stream: true })) {
      got.text += choices[0]?.delta.content ?? ''
      got.finish = choices[0]?.finish_reason ?? got.finish
    }
  },
}
