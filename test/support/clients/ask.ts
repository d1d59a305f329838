/** One plain request, without any SDK. Says on stdout that it was asked, which must not end up in a report. */
export async function ask(prompt: string): Promise<string> {
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
  })
  if (!response.ok) throw new Error(`status ${response.status}`)
  const { content } = (await response.json()) as { content: { text: string }[] }
  return content.map(part => part.text).join('')
}

let tasks = 0

/** How many tasks this module has seen, this one included. */
export function countTask(): number {
  tasks++
  return tasks
}
