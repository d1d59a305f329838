import { expect, test } from 'vitest'
import { asksOf } from '../../../src/providers/asks.ts'

const tool = { name: 'look-up', input_schema: { type: 'object' } }

test('tools are counted where each API has them', () => {
  expect(asksOf({ tools: [tool, tool] })).toEqual({ tools: 2 })
  expect(asksOf({ tools: [{ functionDeclarations: [tool, tool, tool] }] })).toEqual({ tools: 3 })
  expect(asksOf({ toolConfig: { tools: [{ toolSpec: tool }] } })).toEqual({ tools: 1 })
})

test('a schema is seen where each API has it', () => {
  for (const body of [
    { output_format: { type: 'json_schema', schema: {} } },
    { output_config: { format: { type: 'json_schema', schema: {} } } },
    { response_format: { type: 'json_schema', json_schema: {} } },
    { response_format: { type: 'json_object' } },
    { text: { format: { type: 'json_schema', schema: {} } } },
    { generationConfig: { responseSchema: { type: 'OBJECT' } } },
  ])
    expect(asksOf(body), JSON.stringify(body)).toEqual({ schema: true })
})

test('a request for words asks for nothing more', () => {
  for (const body of [
    { messages: [] },
    { tools: [], response_format: { type: 'text' } },
    { generationConfig: { temperature: 0 } },
    'text',
    undefined,
  ])
    expect(asksOf(body)).toBeUndefined()
})
